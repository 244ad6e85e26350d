/** Holds publishers to so many messages a second. */
export interface PublishPace {
  /** Takes `count` messages' turn for an address: 0, or how many seconds to wait before asking again. */
  take(address: string, count: number): number;
}
