import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SYSTEM_RUNTIME } from '../../protocol/runtime.ts';
import type { JetStreamConnection } from './connection.ts';
import { RosterStream } from './roster-stream.ts';

function failing(code: number, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** The stream is there once somebody has been refused so often, with these errors. */
function rosterStreamOn(refusals: Error[]): RosterStream {
  const rest = [...refusals];
  const streams = {
    async info() {
      if (rest.length > 0) throw failing(10059, 'stream not found');
      return { state: { subjects: { 'fw-roster.stay.a.b': 1 } } };
    },
    async add() {
      throw rest.shift()!;
    },
  };
  const connection = { manager: { streams }, runtime: { ...SYSTEM_RUNTIME, setTimeout: atOnce } };
  return new RosterStream(connection as unknown as JetStreamConnection, { name: 'fw', replicas: 1 });
}

function atOnce(action: () => void) {
  setTimeout(action, 0);
  return { ref() {}, unref() {} };
}

test('a stream that another node creates at the same time is waited for', async () => {
  const stream = rosterStreamOn([
    failing(10065, 'subjects overlap with an existing stream'),
    failing(10058, 'stream name already in use'),
    failing(10065, 'subjects overlap with an existing stream'),
  ]);
  assert.deepEqual(await stream.stays('a'), ['fw-roster.stay.a.b']);
});

test('subjects that are another stream’s for good are said to be', async () => {
  const stream = rosterStreamOn(Array.from({ length: 100 }, () => failing(10065, 'subjects overlap')));
  await assert.rejects(stream.stays('a'), /subjects overlap/);
});
