import { FanwireError } from '../../protocol/errors.ts';

/** What hinders a log may pass, and a client that asks again a second later finds out. */
export function unavailable(detail: string, cause?: unknown): FanwireError {
  return new FanwireError('log_unavailable', detail, {
    retryAfter: 1,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The drivers are the program's to install: fanwire works without them. */
export function missingPackages(engine: string, packages: readonly string[], cause: unknown): FanwireError {
  const [need, names] = [packages.length === 1 ? 'the package' : `the packages`, packages.join(' and ')];
  const detail = `a log in ${engine} needs ${need} ${names}: npm install ${packages.join(' ')}`;
  return new FanwireError('log_unavailable', detail, { cause });
}

/** What stands in for an open log before there is one, and after. */
export function refusing(detail: string): Promise<never> {
  const refusal = Promise.reject(new FanwireError('log_unavailable', detail));
  // The next caller of the log meets the error; until then it is nobody's unhandled rejection.
  refusal.catch(() => {});
  return refusal;
}
