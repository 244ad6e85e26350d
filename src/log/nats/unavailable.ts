import { FanwireError } from '../../protocol/errors.ts';

export function unavailable(detail: string, cause?: unknown): FanwireError {
  return new FanwireError('log_unavailable', detail, {
    retryAfter: 1,
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Passes an answer of NATS on.
 * @param likelyCause asked when the time is up
 * @throws FanwireError `log_unavailable`, whatever went wrong, after `ms` at the latest
 */
export async function answerWithin<Answer>(
  ms: number,
  answer: Promise<Answer>,
  likelyCause: () => unknown = () => undefined,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(likelyCause() ?? new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, timeUp]);
  } catch (error) {
    throw error instanceof FanwireError ? error : unavailable(`NATS: ${(error as Error).message}`, error);
  } finally {
    clearTimeout(timer);
  }
}
