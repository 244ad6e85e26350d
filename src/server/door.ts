import type { IncomingMessage } from 'node:http';
import { credentialsOf } from '../hub/authorisation/credentials.ts';
import type { JwtOptions } from '../hub/authorisation/jwt.ts';
import type { Hub } from '../hub/hub.ts';
import type { HubOptions } from '../hub/options.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { Caller } from '../transports/exchange.ts';
import { clientAddress, networkOf } from './address.ts';
import { ConnectionCounter } from './connection-counter.ts';
import { createHostCheck } from './host.ts';
import { createOriginCheck } from './origin.ts';
import { RateLimiter } from './rate-limiter.ts';

type Headers = Readonly<Record<string, string>>;

/** Everything that is asked of a request before it is answered. */
export class Door {
  readonly #hub: Hub;
  readonly #trustProxy: boolean;
  readonly #places: Pick<JwtOptions, 'cookie' | 'urlParameter'>;
  readonly #checkHost: (request: IncomingMessage) => void;
  readonly #checkOrigin: (request: IncomingMessage) => Headers;
  readonly #connections: ConnectionCounter;
  readonly #publishes: RateLimiter;

  constructor(hub: Hub, options: HubOptions) {
    this.#hub = hub;
    this.#trustProxy = options.trustProxy ?? false;
    this.#places = typeof options.authorise === 'object' ? options.authorise : {};
    this.#checkHost = createHostCheck(options.hosts, hub.open);
    this.#checkOrigin = createOriginCheck({
      origins: options.origins,
      trustProxy: this.#trustProxy,
      cookie: this.#places.cookie,
    });
    this.#connections = new ConnectionCounter(hub.limits.connectionsPerAddress);
    this.#publishes = new RateLimiter(hub.limits.publishesPerSecond);
  }

  /**
   * Checks by what name and from what page the hub is reached; returns the CORS headers of the answer.
   * @throws FanwireError `host_not_allowed`, `origin_not_allowed`
   */
  greet(request: IncomingMessage): Headers {
    this.#checkHost(request);
    return this.#checkOrigin(request);
  }

  /**
   * Counts the request as open until the returned function is called.
   * @throws FanwireError `too_many_connections`
   */
  enter(request: IncomingMessage): () => void {
    const leave = this.#connections.open(networkOf(clientAddress(request, this.#trustProxy)));
    if (leave) return leave;
    throw new FanwireError(
      'too_many_connections',
      `one address may have ${this.#hub.limits.connectionsPerAddress} requests open (connectionsPerAddress); ` +
        'behind a proxy set trustProxy, or all its clients count as one',
      { retryAfter: 5 },
    );
  }

  /**
   * @param tokenMayFollow the first frame may bring the token: without one yet, nobody is asked
   * @throws FanwireError `unauthenticated`
   */
  async identify(request: IncomingMessage, tokenMayFollow = false): Promise<Caller> {
    const address = clientAddress(request, this.#trustProxy);
    const credentials = credentialsOf(request, address, this.#places);
    const awaited = tokenMayFollow && credentials.token === undefined;
    return {
      address,
      credentials,
      access: awaited ? this.#hub.anonymous : await this.#hub.authorise(credentials),
      takePublish: (count = 1) => this.#publishes.take(networkOf(address), performance.now(), count),
    };
  }
}
