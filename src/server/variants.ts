import type { Headers } from './origin.ts';

/** `Vary` with further headers of requests beside those that it names. */
export function varyBy(before: string | undefined, ...names: readonly string[]): string {
  return [before, ...names].filter(Boolean).join(', ');
}

/** By the headers of the answer, of which there are as many as listed origins. */
const variants = new WeakMap<Headers, Headers>();

/** The same for an answer whose form `Accept` and `Prefer` choose. */
export function varied(headers: Headers): Headers {
  let variant = variants.get(headers);
  if (!variant) {
    const { Vary: before, ...rest } = headers;
    variant = { ...rest, Vary: varyBy(before, 'Accept', 'Prefer') };
    variants.set(headers, variant);
  }
  return variant;
}
