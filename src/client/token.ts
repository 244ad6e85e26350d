import { TransportError } from './failure.ts';

export type TokenOption = string | (() => string | Promise<string>);

/** The token of now. */
export interface TokenSource {
  /** Whether a refused token can be replaced by another. */
  readonly renewable: boolean;
  get(): Promise<string | undefined>;
  /** The next `get` asks the application again. */
  forget(): void;
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
  return {
    renewable: typeof option === 'function',
    get: () => {
      kept ??= ask();
      return kept;
    },
    forget,
  };
}
