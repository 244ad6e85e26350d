import { type Failure, TransportError } from './failure.ts';

export type TokenOption = string | (() => string | undefined | Promise<string | undefined>);

/** The token of now. */
export interface TokenSource {
  /** Whether the application can be asked for another. */
  renewable(): boolean;
  set(option: TokenOption | undefined): void;
  get(): Promise<string | undefined>;
  /** The next `get` asks the application again. */
  forget(): void;
  /** Asks the application again, and tells whether it has another by now. */
  isReplaced(): Promise<boolean>;
  /** What a failure comes to: a refused token that can be replaced is worth coming back with another. */
  judge(failure: Failure): Failure;
}

/** Keeps what the application's function gave, so that it is not asked for every request. */
export function createTokenSource(option: TokenOption | undefined): TokenSource {
  let kept: Promise<string | undefined> | undefined;
  /** What was kept when a link asked last. */
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
