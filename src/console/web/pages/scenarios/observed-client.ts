import type { Client, Message, SubscribeOptions, TransportName } from '../../../../client/index.ts';
import { FanwireError } from '../../../../client/index.ts';
import type { PageProps } from '../../shell/pages.ts';
import type { CuttableNetwork } from './cuttable-network.ts';

/** Of so many of the newest messages the delay is told. */
const DELAYS_KEPT = 50;

/** A client over one transport that is counted: for a scenario's own code it is a client like any other. */
export class ObservedClient {
  readonly client: Client;
  messages = 0;
  /** Those that were published while the network was cut. */
  caughtUp = 0;
  /** Stretches of the log that the hub could not give any more, or never gave to a client that polls. */
  gaps = 0;
  /** How old what is shown was when the next message of its channel came, in milliseconds; newest last. */
  ages: readonly number[] = [];
  readonly #shownSince = new Map<string, number>();
  /** From publish to receipt, in milliseconds by the clocks of hub and page; newest last. */
  delays: readonly number[] = [];
  readonly #since = Date.now();
  readonly #network: CuttableNetwork;

  constructor(
    transport: TransportName,
    network: CuttableNetwork,
    connectBeside: PageProps['connectBeside'],
    onFault: (error: unknown) => void,
  ) {
    this.#network = network;
    const plain = connectBeside({
      transports: [transport],
      // What works here says nothing of what works best.
      storage: null,
      fetch: network.fetch,
      WebSocket: network.socketClass(),
    });
    const tell = (error: unknown) => {
      // The scenario ends, or another transport takes its place.
      if (!(error instanceof FanwireError && error.code === 'closed')) onFault(error);
    };
    this.client = Object.create(plain, {
      subscribe: {
        value: (channel: string, given: SubscribeOptions['onMessage'] | SubscribeOptions = {}) => {
          const options = typeof given === 'function' ? { onMessage: given } : given;
          return plain.subscribe(channel, {
            onError: tell,
            ...options,
            onMessage: (message) => {
              this.#note(message);
              options.onMessage?.(message);
            },
            onGap: (gap) => {
              this.gaps += 1;
              options.onGap?.(gap);
            },
          });
        },
      },
      publish: {
        value: (...given: Parameters<Client['publish']>) => {
          const published = plain.publish(...given);
          published.catch(tell);
          return published;
        },
      },
    });
  }

  get requests(): number {
    return this.#network.requests;
  }

  #note({ time, channel }: Message): void {
    this.messages += 1;
    if (this.#network.wasCutAt(time)) this.caughtUp += 1;
    const before = this.#shownSince.get(channel);
    if (before !== undefined) this.ages = [...this.ages, Date.now() - before].slice(-DELAYS_KEPT);
    this.#shownSince.set(channel, time);
    // What was there before was not under way.
    if (time < this.#since) return;
    this.delays = [...this.delays, Math.max(0, Date.now() - time)].slice(-DELAYS_KEPT);
  }
}
