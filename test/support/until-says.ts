import type { ChildProcess } from 'node:child_process';

/** Of what it said so much is told. */
const TAIL = 500;

/**
 * Resolves once a program that was just started has said this. Only itself can tell that it has its port: whatever
 * answers there may be another one.
 * @throws (rejects) with what it said, if it ends first
 */
export function untilSays(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text: string): void => {
      said += text;
      // A piece may be longer than what is kept of it.
      if (pattern.test(said)) resolve();
      said = said.slice(-TAIL);
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.on('error', (cause) => reject(new Error(`${child.spawnfile} is needed by this test`, { cause })));
    child.on('close', (code, signal) =>
      reject(new Error(`${child.spawnfile} ended before it was ready (${signal ?? code}); it said: ${said}`)),
    );
  });
}
