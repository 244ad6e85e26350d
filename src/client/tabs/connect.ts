import type { RequestDefinitions } from '../../protocol/typed/requests.ts';
import { type Client, clientOver } from '../client.ts';
import { createCore, endpointOf, transportsOf } from '../core.ts';
import { assertOptions, type ClientOptions, DEFAULTS } from '../options.ts';
import { randomId } from '../random-id.ts';
import type { TypedClient } from '../typed-client.ts';
import { createShare } from './share.ts';
import type { TabStatus } from './status.ts';

export interface TabsOptions extends ClientOptions {
  /**
   * Only tabs of the same group share a connection. Where tabs may be signed in as different users, each user needs a
   * group, by the user's id for example. Default: one group for all tabs.
   */
  readonly group?: string;
}

export type TabsClient = Client<TabStatus>;

/** Of the notices between tabs. Tabs of another version of fanwire may be open: the number keeps them apart. */
const VERSION = 3;

/**
 * Connects to a hub over one connection for all tabs of this origin and `group`. Where there are no tabs, as in Node or a
 * worker, or the browser does not let them share, the connection is this program's own.
 *
 * @param url the hub's base, `https://example.com/realtime`; it may be relative
 * @example
 * ```ts
 * import { connect } from 'fanwire/tabs';
 *
 * const fanwire = connect('/', { group: 'the user’s id' });
 * fanwire.subscribe('scores', ({ data }) => console.log(data));
 * fanwire.onStatus(({ via }) => console.log(via)); // this tab, or another tab
 * ```
 */
export function connect(url: string, options?: TabsOptions): TabsClient;
export function connect<Channels extends object, Requests = RequestDefinitions>(
  url: string,
  options?: TabsOptions,
): TypedClient<Channels, Requests, TabStatus>;
export function connect(url: string, { group = '', ...options }: TabsOptions = {}): TabsClient {
  assertOptions(options);
  if (!canShare()) {
    return clientOver((changed) => {
      const core = createCore(url, options, changed);
      return { ...core, status: () => ({ ...core.status(), via: 'this tab' }) };
    }, options.onError);
  }
  // Called to throw a mistake here, and not later, when this tab leads.
  transportsOf(options.transports ?? DEFAULTS.transports);
  const name = `fanwire tabs ${VERSION} ${endpointOf(url)} ${group}`;
  const { clientId = randomId() } = options;
  let { token } = options;
  return clientOver((changed) => {
    const share = createShare(
      name,
      clientId,
      (clientId, changed) => createCore(url, { ...options, token, clientId }, changed),
      changed,
    );
    const setToken: typeof share.setToken = (given) => {
      token = given;
      share.setToken(given);
    };
    return { ...share, setToken };
  }, options.onError);
}

/** Browsers have locks on secure origins alone. An opaque origin, as of a sandboxed frame, shares with no other. */
function canShare(): boolean {
  const { document, navigator, BroadcastChannel, origin } = globalThis;
  return Boolean(document && navigator.locks && BroadcastChannel && origin !== 'null');
}
