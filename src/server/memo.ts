/**
 * Remembers what a pure function made of a string: the same few hosts and addresses are asked for at every
 * request. Clients choose the strings, so it begins anew when there are too many.
 */
export function memo<Result>(compute: (text: string) => Result, most = 1000): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    if (results.has(text)) return results.get(text)!;
    const result = compute(text);
    if (results.size >= most) results.clear();
    results.set(text, result);
    return result;
  };
}
