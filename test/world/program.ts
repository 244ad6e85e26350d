import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { onEnd } from '../support/on-end.ts';

/** A program of another runtime or language, which prints a line of JSON for each thing that it has to say. */
export interface Program {
  /** The next line. @throws when it has ended and prints no more */
  line(): Promise<string>;
  json<Value = unknown>(): Promise<Value>;
  /** All that it still prints, to its end. @throws unless it ends with 0 */
  rest(): Promise<unknown[]>;
}

/** Runs it for as long as the test lasts. */
export function startProgram(t: TestContext, command: string, ...args: readonly string[]): Program {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  onEnd(t, () => {
    child.kill('SIGKILL');
    return ended;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  async function line(): Promise<string> {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} printed nothing more, but said: ${said}`);
    return value;
  }
  return {
    line,
    json: async () => JSON.parse(await line()),
    async rest() {
      const values: unknown[] = [];
      for await (const line of lines) values.push(JSON.parse(line));
      assert.equal((await ended)[0], 0, said);
      return values;
    },
  };
}
