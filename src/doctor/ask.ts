import type { Failure } from './readings.ts';

/** What did not work, for whoever reports it. */
export class Failed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.failure = failure;
  }
}

export interface Asking {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the head, in milliseconds. Default: the target's patience. */
  readonly withinMs?: number;
}

/** An answer's head, and its body as it comes. */
export interface Answer {
  readonly status: number;
  header(name: string): string | undefined;
  /**
   * Calls back with each piece, decoded. Once, and not beside another.
   * @throws Failed where it breaks off
   */
  read(onText: (text: string) => void): Promise<void>;
  /** Lets go of it. */
  leave(): void;
}

/**
 * Sends a request to a path of the target, on a connection of its own where that can be had, with the target's token.
 * @throws Failed
 */
export type Ask = (path: string, asking?: Asking) => Promise<Answer>;

const MAX_BODY_LENGTH = 1024 * 1024;

/** @throws Failed where it breaks off, or takes longer */
export async function readText(answer: Answer, withinMs: number): Promise<string> {
  let text = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const detail = `a head and no whole body within ${withinMs / 1000} s`;
    timer = setTimeout(reject, withinMs, new Failed({ by: 'network', cause: 'buffered', detail }));
  });
  const whole = answer.read((piece) => {
    text += piece;
    if (text.length > MAX_BODY_LENGTH)
      throw new Failed({ by: 'network', cause: 'cut', detail: 'an answer that does not end' });
  });
  // Whichever is not the first has nobody who waits for it.
  whole.catch(() => {});
  try {
    await Promise.race([whole, late]);
    return text;
  } finally {
    clearTimeout(timer);
    answer.leave();
  }
}

/** Reads an answer's JSON. @throws Failed for any answer but a success in JSON */
export async function readJson<T>(answer: Answer, withinMs: number): Promise<T> {
  if (!isOk(answer)) throw new Failed(await failureOfAnswer(answer, withinMs));
  const text = await readText(answer, withinMs);
  try {
    return JSON.parse(text);
  } catch {
    const detail = `${answer.status} with ${answer.header('content-type') ?? 'no type'}, which is no JSON`;
    throw new Failed({ by: 'network', cause: 'garbled', detail, status: answer.status });
  }
}

export function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** A hub's refusal has a code; any other answer is somebody else's. */
export async function failureOfAnswer(answer: Answer, withinMs: number): Promise<Failure> {
  const { status } = answer;
  const name = answer.header('server');
  const server = name === undefined ? '' : ` of ${name}`;
  const foreign: Failure = { by: 'network', cause: 'refused', detail: `answer ${status}${server}`, status };
  if (!answer.header('content-type')?.includes('problem+json')) {
    answer.leave();
    return foreign;
  }
  try {
    const { code, detail } = JSON.parse(await readText(answer, withinMs));
    return typeof code === 'string' ? { by: 'hub', status, code, detail: `${detail}` } : foreign;
  } catch {
    return foreign;
  }
}

/** @throws whatever is no `Failed` */
export function failureIn(error: unknown): Failure {
  if (error instanceof Failed) return error.failure;
  throw error;
}
