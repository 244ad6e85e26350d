import { Failure } from './failure.ts';

const MAX_LINES = 500;
const MAX_LINE_CHARACTERS = 8 * 1024 * 1024;

/**
 * Reads lines in the groups in which they arrive: while the reader of the groups is busy, more gather in
 * the stream (64 kB, then its writer waits), so that a group is one line when there is little to do, and
 * hundreds when there is much.
 */
export async function* readLineGroups(
  input: AsyncIterable<unknown> & { setEncoding(encoding: 'utf8'): unknown },
): AsyncGenerator<readonly string[]> {
  input.setEncoding('utf8');
  let rest = '';
  for await (const chunk of input) {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop()!;
    if (rest.length > MAX_LINE_CHARACTERS)
      throw new Failure(`a line is longer than ${MAX_LINE_CHARACTERS} characters`);
    while (lines.length > 0) yield lines.splice(0, MAX_LINES);
  }
  if (rest !== '') yield [rest];
}
