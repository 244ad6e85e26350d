import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeFastDirectory } from '../support/directory.ts';
import { appendText, openLog, readMessages, textOf } from './support/log.ts';

const PROGRAM = fileURLToPath(import.meta.resolve('./support/exit-program.js'));

/** Runs the program to its end; resolves with what it said of a fault. */
function run(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [PROGRAM, ...args], (error, _stdout, stderr) =>
      error ? resolve(stderr) : reject(new Error('it ended as if nothing had been under way')),
    );
  });
}

for (const how of ['exit', 'throw']) {
  test(`a process that ends with an append under way ends, and holds up nobody: ${how}`, async (t) => {
    const directory = await makeFastDirectory(t);
    const log = await openLog(t, { directory });
    for (let turns = 0; turns < 4; turns++) {
      const said = await run(directory, how, `${turns}`);
      assert.equal(said.includes('a fault of the program'), how === 'throw', said);
      await appendText(log, 'a', 'after it');
      const texts = (await readMessages(log, 'a')).map(textOf);
      assert.equal(texts.filter((text) => text === 'acknowledged').length, turns + 1);
    }
  });
}
