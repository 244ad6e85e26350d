import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from './failure.ts';

/** One request that publishes. */
export interface Post {
  readonly url: URL;
  readonly token: string | undefined;
  readonly contentType: 'application/json' | 'text/plain' | 'application/x-ndjson';
  /** Names the request, so that sending it again publishes nothing twice. */
  readonly key: string;
  readonly body: string;
}

const TIME_LIMIT_MS = 30_000;
const LONGEST_PAUSE_MS = 30_000;

/** It was not taken, and may be another time. */
class Refusal extends Failure {
  readonly retryAfterMs: number;

  constructor(sentence: string, retryAfterMs = 0) {
    super(sentence);
    this.retryAfterMs = retryAfterMs;
  }
}

/** It is more than the hub takes at once. */
export class TooMuch extends Failure {}

const TOO_MUCH = new Set(['batch_too_large', 'body_too_large']);

/**
 * @returns the ids of the messages
 * @throws Failure with the hub's own words
 */
export async function post({ key, ...request }: Post): Promise<string[]> {
  const { ids, id } = await ask(request, { 'idempotency-key': key });
  return ids ?? [id];
}

/**
 * @returns what the hub answers, as JSON
 * @throws Failure with the hub's own words
 */
export async function ask(
  { url, token, contentType, body }: Omit<Post, 'key'>,
  headers: Readonly<Record<string, string>> = {},
  // biome-ignore lint/suspicious/noExplicitAny: its shape is that of what was asked
): Promise<any> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': contentType,
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  }).catch((error: Error) => {
    throw new Refusal(`cannot reach ${url.origin}: ${reasonOf(error)}`);
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const sentence = `${answer.detail ?? response.statusText} (${answer.code ?? response.status})`;
  if (TOO_MUCH.has(answer.code)) throw new TooMuch(sentence);
  if (response.status !== 429 && response.status < 500) throw new Failure(sentence);
  throw new Refusal(sentence, (Number(response.headers.get('retry-after')) || 0) * 1000);
}

/**
 * Sends it until the hub has it, saying on stderr what is being waited for.
 * @throws Failure when sending it again would meet the same refusal
 */
export async function postUntilTaken(request: Post): Promise<string[]> {
  let told = false;
  for (let attempt = 0; ; attempt++) {
    try {
      return await post(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!told) console.error(`fanwire: ${error.message}; trying again`);
      told = true;
      await wait(Math.max(error.retryAfterMs, pauseMs(attempt)));
    }
  }
}

/** Full jitter, so that publishers which lost the same hub don't come back at once. */
function pauseMs(attempt: number): number {
  return 50 + Math.random() * Math.min(LONGEST_PAUSE_MS, 500 * 2 ** attempt);
}

function reasonOf({ cause, message }: Error): string {
  // fetch puts what happened into the cause; a connection tried over IPv6 and IPv4 fails with an AggregateError.
  const { code, message: reason } = (cause ?? {}) as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  return reason || code || message;
}
