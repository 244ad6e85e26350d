import type { Access } from '../hub/authorisation/access.ts';
import type { JwtOptions } from '../hub/authorisation/jwt.ts';
import type { Hub } from '../hub/hub.ts';
import type { HubOptions } from '../hub/options.ts';
import type { PublishPace } from '../hub/publishing/publish-pace.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { Caller } from '../transports/caller.ts';
import { clientAddress, networkOf } from './address.ts';
import { ConnectionCounter } from './connection-counter.ts';
import { credentialsOf } from './credentials.ts';
import { descriptors } from './descriptors.ts';
import { createHostCheck } from './host.ts';
import type { Load } from './metrics.ts';
import type { NodeState } from './node-drain.ts';
import { createOriginCheck, type Headers } from './origin.ts';
import { createPublishPace } from './publish-pace.ts';
import type { RequestHead } from './request-head.ts';

/** Of this process, once for all hubs in it. */
const DESCRIPTORS = descriptors();

/** Everything that is asked of a request before it is answered. */
export class Door {
  readonly #hub: Hub;
  readonly #state: () => NodeState;
  readonly #trustProxy: boolean;
  readonly #places: Pick<JwtOptions, 'cookie' | 'urlParameter'>;
  readonly #checkHost: (request: RequestHead) => void;
  readonly #checkOrigin: (request: RequestHead) => Headers;
  readonly #maxOpen: number;
  #open = 0;
  readonly #connections: ConnectionCounter;
  readonly #pace: PublishPace;

  constructor(hub: Hub, options: HubOptions, state: () => NodeState) {
    this.#hub = hub;
    this.#state = state;
    this.#trustProxy = options.trustProxy ?? false;
    this.#places = typeof options.authorise === 'object' ? options.authorise : {};
    this.#checkHost = createHostCheck(options.hosts, hub.open);
    this.#checkOrigin = createOriginCheck({
      origins: options.origins,
      trustProxy: this.#trustProxy,
      cookie: this.#places.cookie,
    });
    this.#maxOpen = Math.min(hub.limits.connections, DESCRIPTORS?.connections ?? Number.POSITIVE_INFINITY);
    this.#connections = new ConnectionCounter(hub.limits.connectionsPerAddress);
    this.#pace = createPublishPace(hub.limits);
  }

  /**
   * Checks by what name and from what page the hub is reached; returns the CORS headers of the answer.
   * @throws FanwireError `host_not_allowed`, `origin_not_allowed`
   */
  greet(request: RequestHead): Headers {
    this.#checkHost(request);
    return this.#checkOrigin(request);
  }

  /**
   * Counts a request of the address as open, to be matched by one `leave`.
   * @throws FanwireError `draining`, `too_many_connections`
   */
  enter(address: string): void {
    if (this.#state() === 'closing') {
      throw new FanwireError('draining', 'this node is going away: try again', { retryAfter: 1 });
    }
    if (this.#open >= this.#maxOpen) throw this.#full();
    if (this.#connections.open(networkOf(address))) {
      this.#open += 1;
      return;
    }
    throw new FanwireError(
      'too_many_connections',
      `one address may have ${this.#hub.limits.connectionsPerAddress} requests open (connectionsPerAddress); ` +
        'behind a proxy set trustProxy, and give hub.fetch an address, or all clients count as one',
      { retryAfter: 5 },
    );
  }

  leave(address: string): void {
    this.#open -= 1;
    this.#connections.close(networkOf(address));
  }

  #full(): FanwireError {
    const files =
      this.#maxOpen < this.#hub.limits.connections
        ? `, as its process may open ${DESCRIPTORS?.maxFiles} files (ulimit -n)`
        : '';
    return new FanwireError(
      'too_many_connections',
      `this node may have ${this.#maxOpen} requests open (connections)${files}`,
      { retryAfter: 5 },
    );
  }

  /** How many requests and connections are open, of how many that may be. */
  get load(): Load {
    return { open: this.#open, max: this.#maxOpen };
  }

  addressOf(request: RequestHead): string {
    return clientAddress(request, this.#trustProxy);
  }

  /**
   * @param tokenMayFollow the first frame may bring the token: without one yet, nobody is asked
   * @throws FanwireError `unauthenticated`
   */
  identify(request: RequestHead, address: string, tokenMayFollow: boolean): Caller | Promise<Caller> {
    const credentials = credentialsOf(request, address, this.#places);
    const awaited = tokenMayFollow && credentials.token === undefined;
    const access = awaited ? this.#hub.anonymous : this.#hub.authorise(credentials);
    const network = networkOf(address);
    const pace = this.#pace;
    const callerWith = (access: Access): Caller => ({ address, network, credentials, access, pace });
    // Mostly nobody has to be asked, and a turn of the microtask queue for nothing is felt in a poll.
    return access instanceof Promise ? access.then(callerWith) : callerWith(access);
  }
}
