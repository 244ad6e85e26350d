import assert from 'node:assert/strict';
import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { SignJWT } from 'jose';
import { onEnd } from '../support/on-end.ts';
import { Disconnected } from '../support/readers/reader.ts';
import { openSse } from '../support/readers/sse.ts';
import { untilSays } from '../support/until-says.ts';

/** What the deployment's files leave to whoever uses them. */
export const SECRET = 'the secret of these tests, 32 bytes or more';

export interface ServedHub {
  /** For requests that carry `HEADERS`. */
  readonly url: string;
  /** Sends SIGTERM while a client reads: it is sent away, and the process ends well before a supervisor kills it. */
  endsWithin(graceSeconds: number): Promise<void>;
}

export async function operatorHeaders(): Promise<Record<string, string>> {
  const grants = { fanwire: { read: ['*'], publish: ['*'] } };
  const signing = new SignJWT(grants).setProtectedHeader({ alg: 'HS256' });
  return { authorization: `Bearer ${await signing.sign(new TextEncoder().encode(SECRET))}` };
}

/** Runs what a deployment's file says as its command, on a port of the test's own, until it listens. */
export async function startServed(
  t: TestContext,
  command: readonly string[],
  { env, port, ...options }: SpawnOptions & { readonly env: Record<string, string>; readonly port: number },
): Promise<ServedHub> {
  const [program = '', ...args] = command;
  const variables = { PATH: process.env.PATH, ...env, FANWIRE_PORT: `${port}` };
  const child = spawn(program, args, { ...options, env: variables, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  onEnd(t, () => {
    child.kill('SIGKILL');
    return ended;
  });
  await untilSays(child, /^fanwire listens on .*\n/m);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    async endsWithin(graceSeconds) {
      const reader = await openSse(url, { channels: ['news'], headers: await operatorHeaders() });
      const patience = setTimeout(() => child.kill('SIGKILL'), graceSeconds * 1000);
      child.kill('SIGTERM');
      await assert.rejects(reader.next(), Disconnected);
      assert.deepEqual(await ended, [0, null]);
      clearTimeout(patience);
    },
  };
}
