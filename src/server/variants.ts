import type { Headers } from './origin.ts';

/** By the headers of the answer, of which there are as many as listed origins. */
const variants = new WeakMap<Headers, Headers>();

/** The same for an answer whose form `Accept` and `Prefer` choose. */
export function varied(headers: Headers): Headers {
  let variant = variants.get(headers);
  if (!variant) {
    const { Vary: before, ...rest } = headers;
    variant = { ...rest, Vary: [before, 'Accept', 'Prefer'].filter(Boolean).join(', ') };
    variants.set(headers, variant);
  }
  return variant;
}
