import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCore } from '../../src/client/core.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import { SimulatedRuntime } from '../support/simulated-runtime.ts';

const MINUTE = 60_000;

/** When a client opens sockets, in milliseconds from its start, while none of them ever answers. */
async function attemptsWithin(ms: number, seed: number): Promise<readonly number[]> {
  const runtime = new SimulatedRuntime({ seed });
  const attempts: number[] = [];
  class MuteSocket {
    constructor() {
      attempts.push(runtime.uptime());
    }
    close() {}
  }
  const options = { transports: ['websocket'], WebSocket: MuteSocket } as unknown as ClientOptions;
  const core = createCore('http://hub.example', options, () => {}, runtime);
  await runtime.pass(ms);
  core.close();
  return attempts;
}

test('a client tries for an hour in a moment, and at the same times where the seed is the same', async () => {
  const attempts = await attemptsWithin(60 * MINUTE, 1);
  assert.ok(attempts.length > 60, `${attempts.length} attempts`);
  assert.deepEqual(await attemptsWithin(60 * MINUTE, 1), attempts);
  assert.notDeepEqual(await attemptsWithin(60 * MINUTE, 2), attempts);
});
