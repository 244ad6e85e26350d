import type { Follower } from '../log.ts';
import type { StoredMessage } from '../message.ts';
import { channelOf, decodeRecord } from './record.ts';
import { readState, type Store } from './store.ts';
import { FEED_MESSAGES } from './write.ts';

/**
 * Tells of what is appended, whichever process does it. What this process has appended itself is at hand;
 * what others have is read from the log, in its order, when the bell rings.
 */
export class LiveFeed {
  readonly #store: Store;
  readonly #follower: Follower;
  readonly #followed = new Set<string>();
  /** Up to here the follower has been told everything. */
  #told = 0;

  constructor(store: Store, follower: Follower) {
    this.#store = store;
    this.#follower = follower;
  }

  follow(channel: string): void {
    // Earlier messages are not announced.
    this.catchUp();
    this.#followed.add(channel);
  }

  unfollow(channel: string): void {
    this.#followed.delete(channel);
  }

  /** Tells of what this process has appended: messages without a gap between them. */
  committed(messages: readonly StoredMessage[]): void {
    if (messages[0]?.sequence === this.#told + 1) this.#tell(messages);
    else this.catchUp();
  }

  /** The bell rang, or a while has passed: a timer must not end the process. What can't be read now is read the next time. */
  ring(): void {
    try {
      this.catchUp();
    } catch {
      // A caller that reads or appends meets the same fault, and gets the error.
    }
  }

  catchUp(): void {
    const { epoch, sequence, feedFrom } = readState(this.#store);
    const from = this.#told;
    this.#told = sequence;
    if (sequence === from || this.#followed.size === 0) return;
    if (from < feedFrom || from < sequence - FEED_MESSAGES) this.#follower.interrupted();
    else {
      try {
        this.#tellOfRecords(epoch, from, sequence);
      } catch {
        this.#follower.interrupted();
      }
    }
  }

  #tell(messages: readonly StoredMessage[]): void {
    this.#told = messages.at(-1)!.sequence;
    for (const message of messages) if (this.#followed.has(message.channel)) this.#follower.appended(message);
  }

  #tellOfRecords(epoch: string, after: number, through: number): void {
    for (const { key, value } of this.#store.messages.getRange({ start: after + 1, end: through + 1 })) {
      if (!this.#followed.has(channelOf(value))) continue;
      this.#follower.appended(decodeRecord({ epoch, sequence: key }, value));
    }
  }
}
