import { type Failure, TransportError } from './failure.ts';

export type TokenOption = string | (() => string | Promise<string>);

/** The token of now. */
export interface TokenSource {
  /** Whether it can be replaced by another. */
  readonly renewable: boolean;
  get(): Promise<string | undefined>;
  /** The next `get` asks the application again. */
  forget(): void;
  /** What a failure comes to: a refused token that can be replaced is worth coming back with another. */
  judge(failure: Failure): Failure;
}

/** Keeps what the application's function gave, so that it is not asked for every request. */
export function createTokenSource(option: TokenOption | undefined): TokenSource {
  let kept: Promise<string | undefined> | undefined;
  const forget = () => {
    kept = undefined;
  };
  const ask = async () => {
    try {
      return typeof option === 'function' ? await option() : option;
    } catch (error) {
      forget();
      throw new TransportError('unauthenticated', `no token: ${error}`);
    }
  };
  const renewable = typeof option === 'function';
  return {
    renewable,
    get: () => {
      kept ??= ask();
      return kept;
    },
    forget,
    judge: (failure) => {
      if (failure.cause !== 'unauthenticated' || !renewable) return failure;
      forget();
      return { ...failure, final: false };
    },
  };
}
