/** What an option takes, as a test and as the end of "expected …". */
export interface Takes {
  readonly rule: string;
  readonly holds: (value: unknown) => boolean;
}

export const TEXT: Takes = {
  rule: 'a text that is not empty',
  holds: (value) => typeof value === 'string' && value !== '',
};

export const NUMBER: Takes = {
  rule: 'a number, 0 or more',
  holds: (value) => typeof value === 'number' && value >= 0,
};

export const FUNCTION: Takes = { rule: 'a function', holds: (value) => typeof value === 'function' };

export const OBJECT: Takes = {
  rule: 'an object',
  holds: (value) => typeof value === 'object' && value !== null,
};

/** What a log takes that limits by itself what it holds. */
export const HELD = {
  maxBytes: NUMBER,
  maxChannels: NUMBER,
  keyTtlMs: NUMBER,
  keysPerScope: NUMBER,
  clock: FUNCTION,
};

/** What holds for every log, unless it is told otherwise. */
export const DEFAULTS = {
  /** A client retries within moments. */
  keyTtlMs: 600_000,
  keysPerScope: 25_000,
  maxChannels: 100_000,
  timeoutMs: 2_000,
};

/** A URL of one of these schemes. */
export function urlOf(...schemes: readonly string[]): Takes {
  const rule = `a URL such as ${schemes[0]}://127.0.0.1`;
  const holds = (value: unknown) =>
    typeof value === 'string' &&
    schemes.some((scheme) => value.startsWith(`${scheme}://`)) &&
    URL.canParse(value);
  return { rule, holds };
}

/**
 * The options of a log, checked: what it can't use it would ignore, and talk to another server than was meant.
 * @param maker the function that was called
 * @param named the option that a text alone stands for, where there is one
 * @returns those that say something
 * @throws TypeError that names the option, but not its value: a URL may hold a password
 */
export function checkedOptions<Options extends object>(
  maker: string,
  given: string | Options,
  takes: Readonly<Record<keyof Options & string, Takes>>,
  named?: keyof Options & string,
): Options {
  const options: unknown = typeof given === 'string' && named !== undefined ? { [named]: given } : given;
  const known = Object.keys(takes).join(', ');
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${maker} takes an object with ${known}`);
  }
  const said: [string, unknown][] = [];
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(takes, name)) throw new TypeError(`${maker} has no option ${name}: it takes ${known}`);
    const { rule, holds } = takes[name as keyof Options & string];
    if (value === undefined) continue;
    if (!holds(value)) throw new TypeError(`${maker}: ${name} takes ${rule}`);
    said.push([name, value]);
  }
  return Object.fromEntries(said) as Options;
}
