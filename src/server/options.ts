import type { HubOptions } from '../hub/options.ts';
import type { Endpoint } from './endpoint.ts';

/** What a program gives `createHub`: the hub's options, and what else is served of it. */
export interface ServerOptions extends HubOptions {
  /** Further views of the channels, beside the hub's own URLs. Default: none. */
  readonly endpoints?: readonly Endpoint[];
}
