import { FanwireError } from '../../protocol/errors.ts';
import type { Limits } from '../../protocol/limits.ts';
import type { Runtime } from '../../protocol/runtime.ts';
import type { HubOptions } from '../options.ts';
import { type Asker, Sameness } from './asker.ts';
import { GRANTED, type Question, REFUSED, type Right, type RightAnswer } from './right.ts';

/** How long a refusal is remembered at most, in milliseconds: whoever was let in since should not wait for it. */
const REFUSAL_MS = 5_000;
/** How long a function that failed is left alone, in milliseconds. */
const FAULT_MS = 1_000;

/** Whose rights, and to which channels, are to be asked for again. Undefined: everybody's, and to all. */
export interface Recheck {
  readonly subject?: string | undefined;
  readonly concerns: (channel: string) => boolean;
}

/** An answer, for all who ask under one key. */
interface Answer {
  readonly right: Right;
  /** In Unix milliseconds. */
  readonly keptUntil: number;
  readonly channel: string;
  /** Undefined: it holds for any, as the function does not look at the subject. */
  readonly subject: string | undefined;
}

/** A question that a function is at work on. */
interface Asking {
  readonly asker: Asker;
  readonly question: Question;
  readonly right: Promise<Right>;
  /** What it was asked by no longer holds: who waits for it asks again. */
  stale: boolean;
}

export interface RightsOptions {
  readonly limits: Pick<Limits, 'rememberedRights' | 'rightSeconds'>;
  /** How long an answer without a time of its own is remembered. */
  readonly rememberMs: number;
  readonly runtime: Runtime;
}

/** Undefined where no rule has a function: then nothing is kept for it. */
export function rightsFor(
  { channels = {}, rememberRightsMs: rememberMs = 60_000 }: Pick<HubOptions, 'channels' | 'rememberRightsMs'>,
  limits: Limits,
  runtime: Runtime,
): Rights | undefined {
  const rules = Object.values(channels);
  const asks = rules.some((rule) => typeof rule.read === 'function' || typeof rule.publish === 'function');
  return asks ? new Rights({ limits, rememberMs, runtime }) : undefined;
}

/** Asks the functions of rules, each question once at a time, and remembers what they say. */
export class Rights {
  readonly #options: RightsOptions;
  readonly #sameness = new Sameness();
  /** By key; the one that was given first is the first. */
  readonly #answers = new Map<string, Answer>();
  readonly #asking = new Map<string, Asking>();

  constructor(options: RightsOptions) {
    this.#options = options;
  }

  /** At once where the answer is known. It never rejects. */
  right(asker: Asker, question: Question): Right | Promise<Right> {
    return this.known(asker, question) ?? this.#ask(asker, question);
  }

  /** The answer as it is remembered. */
  known(asker: Asker, question: Question): Right | undefined {
    const key = this.#sameness.keyOf(asker, question);
    const answer = this.#answers.get(key);
    if (!answer) return undefined;
    if (answer.keptUntil > this.#options.runtime.now()) return answer.right;
    this.#answers.delete(key);
    return undefined;
  }

  /** Forgets what was answered, and what is about to be. */
  forget({ subject, concerns }: Recheck): void {
    const isMeant = (channel: string, whose: string | undefined) =>
      // An answer that is nobody's in particular is everybody's.
      (subject === undefined || whose === undefined || whose === subject) && concerns(channel);
    for (const [key, answer] of this.#answers) {
      if (isMeant(answer.channel, answer.subject)) this.#answers.delete(key);
    }
    for (const [key, asking] of this.#asking) {
      if (!isMeant(asking.question.channel, this.#subjectOf(asking))) continue;
      asking.stale = true;
      this.#asking.delete(key);
    }
  }

  async #ask(asker: Asker, question: Question): Promise<Right> {
    for (;;) {
      const known = this.known(asker, question);
      if (known) return known;
      const asking = this.#asking.get(this.#sameness.keyOf(asker, question)) ?? this.#begin(asker, question);
      const right = await asking.right;
      if (asking.stale) continue;
      // Meanwhile the function may have looked at something in which the two differ.
      if (asking.asker === asker || this.#sameness.areSame(asker, asking.asker, question)) return right;
    }
  }

  #begin(asker: Asker, question: Question): Asking {
    const answered = this.#answerTo(asker, question);
    // Not before: what the function looks at at once belongs to the key.
    const key = this.#sameness.keyOf(asker, question);
    const right = answered.then(({ right, keptMs }) => {
      if (this.#asking.get(key) === asking) this.#asking.delete(key);
      if (!asking.stale) this.#remember(asking, right, keptMs);
      return right;
    });
    const asking: Asking = { asker, question, right, stale: false };
    this.#asking.set(key, asking);
    return asking;
  }

  #remember({ asker, question }: Asking, right: Right, keptMs: number): void {
    if (keptMs <= 0) return;
    const key = this.#sameness.keyOf(asker, question);
    this.#answers.delete(key);
    this.#answers.set(key, {
      right,
      keptUntil: this.#options.runtime.now() + keptMs,
      channel: question.channel,
      subject: this.#subjectOf({ asker, question }),
    });
    if (this.#answers.size <= this.#options.limits.rememberedRights) return;
    for (const oldest of this.#answers.keys()) {
      this.#answers.delete(oldest);
      return;
    }
  }

  #subjectOf({ asker, question }: Pick<Asking, 'asker' | 'question'>): string | undefined {
    return this.#sameness.looksAtSubject(question.ask) ? asker.subject : undefined;
  }

  async #answerTo(asker: Asker, question: Question): Promise<{ right: Right; keptMs: number }> {
    const { rememberMs, runtime } = this.#options;
    const refusalMs = Math.min(rememberMs, REFUSAL_MS);
    try {
      const answer = await this.#inTime(asker, question);
      if (answer === true) return { right: GRANTED, keptMs: rememberMs };
      if (answer === false) return { right: REFUSED, keptMs: refusalMs };
      const until = untilOf(answer);
      const leftMs = until - runtime.now();
      if (leftMs <= 0) return { right: REFUSED, keptMs: refusalMs };
      return { right: { granted: true, until }, keptMs: leftMs };
    } catch (error) {
      if (error instanceof FanwireError) return { right: { granted: false, error }, keptMs: refusalMs };
      return { right: { granted: false, error: faultIn(question, error) }, keptMs: FAULT_MS };
    }
  }

  /** @throws Error after `rightSeconds` */
  async #inTime(asker: Asker, question: Question): Promise<RightAnswer> {
    const { runtime, limits } = this.#options;
    const answered = (async () => question.ask(this.#sameness.requestOf(asker, question)))();
    let timer: ReturnType<Runtime['setTimeout']> | undefined;
    const late = new Promise<never>((_, reject) => {
      const tooLate = () => reject(new Error(`no answer in ${limits.rightSeconds} s (rightSeconds)`));
      timer = runtime.setTimeout(tooLate, limits.rightSeconds * 1000);
    });
    try {
      return await Promise.race([answered, late]);
    } finally {
      runtime.clear(timer);
    }
  }
}

function untilOf(answer: unknown): number {
  const until: unknown = Object(answer).until;
  if (typeof until === 'number' && !Number.isNaN(until)) return until;
  throw new TypeError('a right is true, false or { until } with a time in Unix milliseconds');
}

/** Something that is nobody's refusal: the client may try again. */
function faultIn({ kind, channel }: Question, error: unknown): FanwireError {
  const cause = new Error(`the rule of ${channel} could not say who may ${kind} it: ${error}`, {
    cause: error,
  });
  return new FanwireError(
    'authorisation_unavailable',
    `whether you may ${kind === 'read' ? 'read' : 'publish to'} ${channel} can’t be said just now`,
    { retryAfter: FAULT_MS / 1000, cause },
  );
}
