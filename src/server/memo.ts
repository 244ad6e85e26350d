/** Longer strings are not remembered: clients choose them, and a request's head may be 16 kB. */
const MAX_LENGTH = 512;

/**
 * Remembers what a pure function made of a string: the same few hosts, addresses and paths are asked for at
 * every request. Clients choose the strings, so it begins anew when there are too many.
 */
export function memo<Result>(compute: (text: string) => Result, maxResults = 1000): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    if (results.has(text)) return results.get(text)!;
    const result = compute(text);
    if (text.length > MAX_LENGTH) return result;
    if (results.size >= maxResults) results.clear();
    results.set(text, result);
    return result;
  };
}
