import { type Failure, TransportError } from './failure.ts';

export type TokenOption = string | (() => string | undefined | Promise<string | undefined>);

/** The client's current token. */
export interface TokenSource {
  /** Whether the application gave a function, which can be called for another token. */
  renewable(): boolean;
  set(option: TokenOption | undefined): void;
  get(): Promise<string | undefined>;
  /** The next `get` calls the application's function again. */
  forget(): void;
  /** Calls the function again, and tells whether it gives another token by now. */
  isReplaced(): Promise<boolean>;
  /** A refusal of the token is not final where the function can give another. */
  judge(failure: Failure): Failure;
}

/** Keeps the token that the application's function gave, so that it is not called for every request. */
export function createTokenSource(option: TokenOption | undefined): TokenSource {
  let kept: Promise<string | undefined> | undefined;
  /** The token that was given out last. */
  let used: string | undefined;
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
  const get = async () => {
    kept ??= ask();
    used = await kept;
    return used;
  };
  const renewable = () => typeof option === 'function';
  return {
    renewable,
    set(given) {
      option = given;
      forget();
    },
    get,
    forget,
    async isReplaced() {
      const before = used;
      forget();
      return get().then(
        (token) => token !== before,
        () => false,
      );
    },
    judge: (failure) => {
      if (failure.cause !== 'unauthenticated' || !renewable()) return failure;
      forget();
      return { ...failure, final: false };
    },
  };
}
