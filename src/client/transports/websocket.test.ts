import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SYSTEM_RUNTIME } from '../../protocol/runtime.ts';
import type { Environment, Socket } from '../environment.ts';
import type { Failure } from '../failure.ts';
import { websocket } from './websocket.ts';

test('text that is no frame is the end of the link, and throws nothing into the page', async () => {
  for (const data of ['{', '1', 'null', '"text"', '{"welcome":null}']) {
    const failures: Failure[] = [];
    const socket: Socket = { onopen: null, onmessage: null, onclose: null, send: () => {}, close: () => {} };
    const link = websocket.open({
      environment: {
        endpoint: 'http://hub.example/connect',
        tokens: { get: async () => undefined },
        openSocket: () => socket,
        runtime: SYSTEM_RUNTIME,
        proofTimeoutMs: 5000,
      } as unknown as Environment,
      subscriptions: () => ({ frames: [], positioned: true }),
      receive: () => {},
      lost: (failure) => failures.push(failure),
    });
    await new Promise(setImmediate);
    (socket.onmessage as (event: { data: string }) => void)({ data });
    assert.deepEqual(
      failures.map(({ cause }) => cause),
      ['garbled'],
      data,
    );
    link.close();
  }
});
