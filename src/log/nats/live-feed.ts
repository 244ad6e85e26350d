import type { Msg, Subscription } from '@nats-io/transport-node';
import type { StoredMessage } from '../message.ts';
import { eachOf } from './each-of.ts';
import { decodeHead, decodeRecord, HEADER } from './record.ts';
import type { Stream } from './stream.ts';

/**
 *   meeting ──newest known──► met        met ──resume──► meeting
 */
type FollowState =
  /** It is being asked where the channel stands; what comes meanwhile is held. */
  | { readonly kind: 'meeting'; readonly held: Msg[] }
  /** `newest`: readers have been told of it, or will find it in the log. */
  | { readonly kind: 'met'; readonly newest: number };

interface Followed {
  readonly subscription: Subscription;
  state: FollowState;
  readonly begun: Promise<void>;
}

/**
 * What the server republishes as it stores it. Core NATS delivers at most once: each message names the one
 * before it in its channel, and whatever does not join on is `missed`.
 */
export class LiveFeed {
  readonly #stream: Stream;
  readonly #appended: (message: StoredMessage) => void;
  readonly #missed: () => void;
  readonly #channels = new Map<string, Followed>();
  /** What the last check did not find told of, by channel. */
  #suspects = new Map<string, number>();
  #checkedThrough = 0;

  constructor(stream: Stream, appended: (message: StoredMessage) => void, missed: () => void) {
    this.#stream = stream;
    this.#appended = appended;
    this.#missed = missed;
  }

  /** Once this resolves, what is appended is told of, or noticed to be missing. */
  follow(channel: string): Promise<void> {
    const present = this.#channels.get(channel);
    if (present) return present.begun;
    const { connection } = this.#stream.session;
    const subscription = connection.subscribe(this.#stream.subjects.live(channel), {
      callback: (error, message) => {
        if (!error) this.#take(channel, followed, message);
      },
    });
    const followed: Followed = {
      subscription,
      state: { kind: 'meeting', held: [] },
      begun: connection.flush().then(async () => {
        const newest = await this.#newest(channel);
        if (followed.state.kind === 'meeting') this.#meet(channel, followed, newest);
      }),
    };
    this.#channels.set(channel, followed);
    // Whoever waits for it is told; the next to follow tries again.
    followed.begun.catch(() => this.#channels.get(channel) === followed && this.unfollow(channel));
    return followed.begun;
  }

  unfollow(channel: string): void {
    this.#channels.get(channel)?.subscription.unsubscribe();
    this.#channels.delete(channel);
  }

  /**
   * Takes up again where the channels stand now. What was missed until then is for the log to be read for:
   * nothing that came after it is told of before `interrupted` has said so.
   */
  async resume(interrupted: () => void): Promise<void> {
    const meetings = [...this.#channels].map(([channel, followed]) => {
      const state: FollowState = { kind: 'meeting', held: [] };
      followed.state = state;
      return { channel, followed, state };
    });
    const newest = await eachOf(meetings, ({ channel }) => this.#newest(channel));
    interrupted();
    for (const [index, { channel, followed, state }] of meetings.entries()) {
      if (followed.state === state) this.#meet(channel, followed, newest[index]!);
    }
  }

  /**
   * Looks for messages that no later one has told the lack of: between the servers of a cluster the last
   * of several can be lost. Whatever two checks in a row do not find told of was not merely on its way.
   */
  async check(): Promise<void> {
    const last = await this.#stream.lastSequence();
    if (last === this.#checkedThrough && this.#suspects.size === 0) return;
    this.#checkedThrough = last;
    const suspects = new Map<string, number>();
    await eachOf(this.#channels, async ([channel, { state }]) => {
      const newest = await this.#newest(channel);
      if (state.kind === 'met' && newest > state.newest) suspects.set(channel, newest);
    });
    const before = this.#suspects;
    this.#suspects = suspects;
    for (const [channel, sequence] of before) {
      const state = this.#channels.get(channel)?.state;
      if (state?.kind !== 'met' || state.newest >= sequence) continue;
      this.#missed();
      return;
    }
  }

  close(): void {
    for (const { subscription } of this.#channels.values()) subscription.unsubscribe();
    this.#channels.clear();
  }

  /** Sequence of a channel's newest message, 0 if there is none. */
  async #newest(channel: string): Promise<number> {
    return (await this.#stream.newest(this.#stream.subjects.message(channel)))?.seq ?? 0;
  }

  #meet(channel: string, followed: Followed, newest: number): void {
    const held = followed.state.kind === 'meeting' ? followed.state.held : [];
    followed.state = { kind: 'met', newest };
    for (const message of held) {
      if (sequenceOf(message) > newest) this.#take(channel, followed, message);
    }
  }

  #take(channel: string, followed: Followed, message: Msg): void {
    if (followed.state.kind === 'meeting') {
      followed.state.held.push(message);
      return;
    }
    const { newest } = followed.state;
    const sequence = sequenceOf(message);
    const before = Number(message.headers?.get('Nats-Last-Sequence'));
    // Numbers that fall are those of a stream that was created anew.
    if (before > newest || sequence <= newest) {
      this.#missed();
      return;
    }
    followed.state = { kind: 'met', newest: sequence };
    this.#stream.reached(sequence);
    const head = decodeHead(message.headers!.get(HEADER));
    const position = { epoch: this.#stream.epoch, sequence };
    this.#appended(decodeRecord(position, channel, head, message.data));
  }
}

function sequenceOf(message: Msg): number {
  return Number(message.headers?.get('Nats-Sequence'));
}
