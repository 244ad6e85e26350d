import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs curl to its end. */
export async function curl(args: readonly string[]): Promise<{ body: string; httpVersion: string }> {
  const { stdout } = await promisify(execFile)('curl', ['-sS', '-w', '\n%{http_version}', ...args]);
  const end = stdout.lastIndexOf('\n');
  return { body: stdout.slice(0, end), httpVersion: stdout.slice(end + 1) };
}
