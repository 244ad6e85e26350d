import type { WireMessage } from '../../test/support/readers/reader.ts';
import type { Channel } from './channels.ts';
import { type Journal, type Said, saidIn } from './journal.ts';

export interface Entry {
  readonly id: string;
  readonly channel: string;
  readonly said: Said;
  /** Whether its publisher was told that it is there. */
  acknowledged: boolean;
}

/** Every message that the log has held, as far as anybody was told of it. */
export class Truth {
  readonly #journal: Journal;
  readonly #entries = new Map<string, Entry>();
  readonly #sorted = new Map<string, Entry[]>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  addMessage(message: WireMessage, source: string): void {
    this.add(message.id, message.channel, saidIn(message), source);
  }

  /** 7: who names a position that is known says the same of it. */
  add(id: string, channel: string, { who, n }: Said, source: string): void {
    const known = this.#entries.get(id);
    if (!known) {
      this.#sorted.delete(channel);
      this.#entries.set(id, { id, channel, said: { who, n }, acknowledged: source === ACKNOWLEDGEMENT });
    } else if (known.channel !== channel || known.said.who !== who || known.said.n !== n) {
      this.#journal.violate(7, `${id} is ${this.tell(id)}, and by ${source} ${n} of ${who} on ${channel}`);
    }
  }

  /** The messages of a channel in the order of the log. */
  of(channel: Channel | string): readonly Entry[] {
    let sorted = this.#sorted.get(channel);
    if (!sorted) {
      const { order } = this.#journal;
      sorted = [...this.#entries.values()].filter((entry) => entry.channel === channel);
      sorted.sort((one, other) => order.compare(one.id, other.id));
      this.#sorted.set(channel, sorted);
    }
    return sorted;
  }

  tell(id: string): string {
    const entry = this.#entries.get(id);
    return entry ? `${entry.said.n} of ${entry.said.who} on ${entry.channel}` : 'unknown';
  }
}

export const ACKNOWLEDGEMENT = 'an acknowledgement';
