/** What somebody makes happen to a network that is driven. */
export type Act =
  /** Every client comes from another address afterwards. */
  | { readonly kind: 'change' }
  /** Nothing passes, and what is sent waits. */
  | { readonly kind: 'tunnel'; readonly seconds: number }
  | { readonly kind: 'cut' }
  /** Nothing is published for as long as it takes a carrier to forget. */
  | { readonly kind: 'silence' }
  /** Of node A, where there are two. */
  | { readonly kind: 'unplug' }
  | { readonly kind: 'plug' };

export const MAX_TUNNEL_SECONDS = 60;
