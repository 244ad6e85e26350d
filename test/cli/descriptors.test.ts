import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { makeDirectory } from '../support/directory.ts';
import { openResponse, post, readAnswer, send } from '../support/http.ts';
import { assertProblem } from '../support/problem.ts';

/** Enough for Node to load its modules, many at once. */
const FILES = 160;
const headers = { accept: 'application/x-ndjson' };

for (const kind of ['memory', 'lmdb']) {
  test(`on ${kind}, a hub that may open few files tells who is too many, and outlives a crowd`, async (t) => {
    const log = kind === 'lmdb' ? `lmdb:${await makeDirectory(t)}` : kind;
    const serve = await startServe(t, ['--log', log], {}, FILES);
    const streams: IncomingMessage[] = [];
    for (;;) {
      const stream = await openResponse(`${serve.url}/channels/a`, { headers });
      streams.push(stream);
      if (stream.statusCode !== 200) break;
    }
    const refused = await readAnswer(streams.at(-1)!);
    assertProblem(refused, 429, 'too_many_connections');
    assert.match(
      refused.json().detail,
      /may have 96 requests open \(connections\).* 160 files \(ulimit -n\)/,
    );
    assert.equal(streams.length, 97);
    // There is room for those who look after it.
    assert.equal((await send(`${serve.url}/healthz`)).status, 200);

    const port = Number(new URL(serve.url).port);
    const crowd = Array.from({ length: 2 * FILES }, () => connect(port, '127.0.0.1').on('error', () => {}));
    for (const socket of crowd) socket.write(`GET /channels/a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    // Answered, or closed, or reset: all have been met.
    await Promise.all(
      crowd.map((socket) => Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => {})),
    );
    for (const socket of [...crowd, ...streams]) socket.destroy();
    for (;;) {
      // The hub learns of the closed connections a moment after the test does.
      const answer = await post(serve.url, 'a', 'back').catch(() => undefined);
      if (answer?.status === 201) break;
    }
    assert.equal(serve.process.exitCode, null);
  });
}
