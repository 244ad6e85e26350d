import type { Msg, Subscription } from '@nats-io/transport-node';
import type { Timer } from '../../protocol/runtime.ts';
import type { StoredMessage } from '../message.ts';
import { decodeHead, decodeRecord, EPOCH_HEADER, HEADER } from './record.ts';
import type { Stream } from './stream.ts';
import { channelOf } from './subjects.ts';

/**
 *   idle ──follow──► opening ──place known──► met ──missed──► meeting ──resumed──► met
 *   (any) ──resume──► meeting                             (any) ──nobody follows──► idle
 */
type FeedState =
  | { readonly kind: 'idle' }
  /** It is being asked where the stream stands; what comes meanwhile is held. Nothing has been announced. */
  | { readonly kind: 'opening' }
  /** The same, but an interruption has to be announced to readers before anything more. */
  | { readonly kind: 'meeting' }
  | Met;

/** Everything up to `told` has been announced, or readers will find it in the log. */
interface Met {
  readonly kind: 'met';
  told: number;
  /** So far the stream is known to reach. */
  goal: number;
  /** Runs while it is waited for what the stream is known to have. */
  patience: Timer | undefined;
}

/** Told of from the moment when the feed stands where the stream stood as it was asked for. */
interface Followed {
  readonly begun: Promise<void>;
  live: boolean;
}

/**
 * How long a message may be overtaken by later ones. Servers before 2.10 send two that are stored at once in
 * either order, a moment apart; what comes later than this, in milliseconds, has been lost.
 */
const PATIENCE_MS = 250;
/** Messages that wait for an earlier one; beyond it that one counts as lost. */
const MAX_EARLY = { messages: 10_000, bytes: 32 * 1024 * 1024 };

/**
 * What the server republishes as it stores it. Core NATS delivers at most once, and not always in order. So
 * a node that follows anything listens to the whole stream, whose sequence has no holes: nothing is told of
 * before all that was stored before it has come, and what does not come is `missed`.
 */
export class LiveFeed {
  readonly #stream: Stream;
  readonly #appended: (message: StoredMessage) => void;
  readonly #missed: () => void;
  readonly #channels = new Map<string, Followed>();
  #state: FeedState = { kind: 'idle' };
  #subscription: Subscription | undefined;
  /** By sequence, what came before its turn. */
  readonly #early = new Map<number, Msg>();
  #earlyBytes = 0;
  /** Called as soon as everything up to a place has been announced. */
  #waiting: { readonly through: number; reached(): void }[] = [];
  #asking: Promise<number> | undefined;

  constructor(stream: Stream, appended: (message: StoredMessage) => void, missed: () => void) {
    this.#stream = stream;
    this.#appended = appended;
    this.#missed = missed;
  }

  /** Once this resolves, an append is announced, or noticed to be missing. */
  follow(channel: string): Promise<void> {
    const present = this.#channels.get(channel);
    if (present) return present.begun;
    this.#listen();
    const followed: Followed = { begun: this.#begin(() => (followed.live = true)), live: false };
    this.#channels.set(channel, followed);
    // The callers that wait for it get the error; the next to follow tries again.
    followed.begun.catch(() => this.#channels.get(channel) === followed && this.unfollow(channel));
    return followed.begun;
  }

  unfollow(channel: string): void {
    this.#channels.delete(channel);
    if (this.#channels.size === 0) this.close();
  }

  /**
   * Takes up again where the stream stands now. What was missed until then is for the log to be read for:
   * nothing that came after it is announced before `interrupted` has said so.
   */
  async resume(interrupted: () => void): Promise<void> {
    const meeting: FeedState = { kind: this.#state.kind === 'idle' ? 'idle' : 'meeting' };
    this.#stand(meeting);
    const last = await this.#stream.lastSequence();
    interrupted();
    if (meeting.kind === 'meeting' && this.#state === meeting) this.#meet(last);
  }

  /** Looks for messages that no later one has told the lack of: the last of several can be lost. */
  async check(): Promise<void> {
    if (this.#state.kind === 'met') this.expect(await this.#stream.lastSequence());
  }

  /** The stream is known to reach this far: whatever does not come in a while is missed. */
  expect(sequence: number): void {
    const state = this.#state;
    if (state.kind !== 'met' || sequence <= state.told) return;
    if (sequence > state.goal) state.goal = sequence;
    if (state.patience) return;
    const { goal } = state;
    // What has arrived while this process was busy is taken before it is judged.
    const judge = () => setImmediate(() => this.#judge(state, goal));
    state.patience = this.#stream.connection.runtime.setTimeout(judge, PATIENCE_MS);
    state.patience.unref();
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#drop();
    this.#channels.clear();
    this.#stand({ kind: 'idle' });
    for (const { reached } of this.#waiting.splice(0)) reached();
  }

  #listen(): void {
    if (this.#subscription) return;
    this.#stand({ kind: 'opening' });
    this.#subscription = this.#stream.connection.client.subscribe(this.#stream.subjects.live, {
      callback: (error, message) => {
        if (!error) this.#take(message);
      },
    });
  }

  async #begin(reached: () => void): Promise<void> {
    const last = await this.#askLast();
    const begun = new Promise<void>((resolve) => {
      this.#waiting.push({
        through: last,
        // Within the turn: the next message may be at hand already.
        reached() {
          reached();
          resolve();
        },
      });
    });
    if (this.#state.kind === 'opening') this.#meet(last);
    this.#wake();
    this.expect(last);
    await begun;
  }

  /** One question for all that are followed within a turn. */
  #askLast(): Promise<number> {
    this.#asking ??= this.#stream.connection.client.flush().then(() => {
      this.#asking = undefined;
      return this.#stream.lastSequence();
    });
    return this.#asking;
  }

  #take(message: Msg): void {
    const state = this.#state;
    const sequence = Number(message.headers?.get('Nats-Sequence'));
    if (state.kind === 'met' && sequence === state.told + 1 && this.#isOurs(message)) {
      this.#tell(state, sequence, message);
      if (this.#early.size > 0) this.#tellEarly(state);
      return;
    }
    // Numbers begin anew with another stream, whose messages say so. All else was announced, or found in the log.
    if (state.kind === 'met' && sequence <= state.told && this.#isOurs(message)) return;
    this.#hold(sequence, message);
    if (!this.#isOurs(message)) this.#miss();
    else this.expect(sequence);
  }

  #tell(state: Met, sequence: number, message: Msg): void {
    state.told = sequence;
    this.#stream.reached(sequence);
    const channel = channelOf(message.subject.slice(this.#stream.subjects.live.length - 1));
    if (this.#channels.get(channel)?.live) {
      const head = decodeHead(message.headers!.get(HEADER));
      const position = { epoch: this.#stream.epoch, sequence };
      this.#appended(decodeRecord(position, channel, head, message.data));
    }
    if (this.#waiting.length > 0) this.#wake();
  }

  #tellEarly(state: Met): void {
    for (;;) {
      const sequence = state.told + 1;
      const message = this.#early.get(sequence);
      if (!message || this.#state !== state) return;
      this.#release(sequence, message);
      if (!this.#isOurs(message)) {
        this.#miss();
        return;
      }
      this.#tell(state, sequence, message);
    }
  }

  #hold(sequence: number, message: Msg): void {
    this.#earlyBytes += message.data.length - (this.#early.get(sequence)?.data.length ?? 0);
    this.#early.set(sequence, message);
    if (this.#early.size <= MAX_EARLY.messages && this.#earlyBytes <= MAX_EARLY.bytes) return;
    // The log has them; what is dropped while it is asked where the stream stands will be missed again.
    this.#drop();
    this.#miss();
  }

  #release(sequence: number, message: Msg): void {
    this.#early.delete(sequence);
    this.#earlyBytes -= message.data.length;
  }

  #drop(): void {
    this.#early.clear();
    this.#earlyBytes = 0;
  }

  #meet(told: number): void {
    const state: Met = { kind: 'met', told, goal: 0, patience: undefined };
    this.#stand(state);
    for (const [sequence, message] of this.#early) {
      if (sequence <= told) this.#release(sequence, message);
    }
    this.#wake();
    this.#tellEarly(state);
    this.expect(Math.max(0, ...this.#early.keys()));
  }

  #wake(): void {
    if (this.#state.kind !== 'met') return;
    const { told } = this.#state;
    const due = this.#waiting.filter(({ through }) => through <= told);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter(({ through }) => through > told);
    for (const { reached } of due) reached();
  }

  #judge(state: Met, goal: number): void {
    state.patience = undefined;
    if (this.#state !== state) return;
    if (state.told < goal) this.#miss();
    else this.expect(state.goal);
  }

  #miss(): void {
    if (this.#state.kind !== 'met') return;
    this.#stand({ kind: 'meeting' });
    // Stored before it is asked where the stream stands, and so to be found in the log.
    this.#drop();
    this.#missed();
  }

  #stand(state: FeedState): void {
    if (this.#state.kind === 'met') this.#stream.connection.runtime.clear(this.#state.patience);
    this.#state = state;
  }

  /** Whether a message is of this life of the stream; what has no header is from before messages said so. */
  #isOurs(message: Msg): boolean {
    const epoch = message.headers?.get(EPOCH_HEADER);
    return !epoch || epoch === this.#stream.epoch;
  }
}
