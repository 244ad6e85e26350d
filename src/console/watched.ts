import type { FanwireHub } from '../fanwire-hub.ts';
import type { ChannelRule } from '../hub/authorisation/channel-rule.ts';
import type { HubOptions } from '../hub/options.ts';

/** On this channel the processes of a hub tell each other which of the console's channels have readers. */
const WATCHED_CHANNEL = 'console:watched';
const RULE: ChannelRule = { read: 'nobody', publish: 'nobody', presence: false, ephemeral: true };

/** How long a channel passes for watched after the last word of it: longer than a client that polls stays away. */
const LEASE_MS = 30_000;
const RENEW_MS = LEASE_MS / 3;

/**
 * Which of the console's channels somebody reads, on whatever process. A process speaks up while it has readers, and is
 * silent otherwise, so that a hub at which nobody looks publishes nothing and asks its log nothing.
 */
export class Watched {
  readonly options: Required<Pick<HubOptions, 'channels' | 'onOccupied' | 'onVacated'>>;
  /** Those with readers on this process. */
  readonly #occupied = new Set<string>();
  /** Until when each passes for watched, by this process's clock. */
  readonly #until = new Map<string, number>();
  readonly #begin = new Map<string, () => void>();
  #hub: FanwireHub | undefined;

  constructor() {
    this.options = {
      channels: { [WATCHED_CHANNEL]: RULE },
      onOccupied: (channel) => {
        if (!this.#begin.has(channel)) return;
        this.#occupied.add(channel);
        this.#tell(channel);
      },
      onVacated: (channel) => void this.#occupied.delete(channel),
    };
  }

  /** Has a channel looked after. @param begin called when somebody begins to read it, after nobody did */
  add(channel: string, begin: () => void = () => {}): void {
    this.#begin.set(channel, begin);
  }

  has(channel: string): boolean {
    return (this.#until.get(channel) ?? 0) > performance.now();
  }

  /** Returns a function that stops it. */
  start(hub: FanwireHub): () => void {
    this.#hub = hub;
    const subscription = hub.subscribe<string>(WATCHED_CHANNEL, ({ data }) => this.#heard(data));
    const timer = setInterval(() => {
      for (const channel of this.#occupied) this.#tell(channel);
    }, RENEW_MS).unref();
    return () => {
      clearInterval(timer);
      subscription.close();
      this.#hub = undefined;
    };
  }

  /** Heard here at once, and elsewhere once the log has it; while it is away, the next word may get through. */
  #tell(channel: string): void {
    this.#heard(channel);
    this.#hub?.publish(WATCHED_CHANNEL, channel).catch(() => {});
  }

  #heard(channel: string): void {
    const before = this.has(channel);
    this.#until.set(channel, performance.now() + LEASE_MS);
    if (!before) this.#begin.get(channel)?.();
  }
}
