/**
 * Reads lines of JSON out of text that comes in chunks cut anywhere. Blank lines are left out: they keep
 * a connection alive. https://github.com/ndjson/ndjson-spec
 *
 * @returns what takes the next chunk; it throws a SyntaxError when a line exceeds `maxLength` UTF-16 units
 */
export function createLineReader(onLine: (line: string) => void, maxLength: number): (chunk: string) => void {
  // Parts of the line under way: joined once, as appending chunk by chunk and searching again is quadratic.
  let parts: string[] = [];
  let length = 0;
  const keep = (part: string) => {
    parts.push(part);
    length += part.length;
    if (length > maxLength) throw new SyntaxError(`a line of more than ${maxLength}`);
  };
  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', from)) {
      keep(chunk.slice(from, end));
      const line = parts.join('').trim();
      parts = [];
      length = 0;
      from = end + 1;
      if (line) onLine(line);
    }
    if (from < chunk.length) keep(chunk.slice(from));
  };
}
