/** A message as programs see it. */
export interface Message<Data = unknown> {
  /** Its position: what a client keeps in order to resume. */
  readonly id: string;
  readonly channel: string;
  readonly type?: string;
  /** The client that published it, as presence names it; absent unless a client of the SDK did. */
  readonly from?: string;
  /** When the hub took it, in Unix milliseconds. */
  readonly time: number;
  /** A JSON value, or a Uint8Array for a binary payload. */
  readonly data: Data;
}

// One to a hundred printable characters: a type becomes a line of an event stream.
const TYPE = /^[\u0021-\u007e\u00a0-\ud7ff\ue000-\ufffd]{1,100}$/;
// `gap` and `position` are ours; the others are events that an EventSource fires by itself.
const RESERVED_TYPES = new Set(['gap', 'position', 'open', 'error']);

export const MESSAGE_TYPE_RULE =
  'a type is 1 to 100 printable characters without spaces, and not gap, position, open or error';

export function isMessageType(type: string): boolean {
  return TYPE.test(type) && !RESERVED_TYPES.has(type);
}
