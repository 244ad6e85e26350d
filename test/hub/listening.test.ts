import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHub } from '../../src/index.ts';
import { send } from '../support/http.ts';

test('on loopback it listens without further ado, and tells where', async (t) => {
  const hub = createHub();
  t.after(() => hub.close());
  for (const host of [undefined, 'localhost', '127.0.0.1']) {
    const { url, port } = await hub.listen({ port: 0, ...(host === undefined ? {} : { host }) });
    assert.ok(url.endsWith(`:${port}`));
    assert.equal((await send(`${url}/healthz`)).json().status, 'ok');
  }
});

test('on another address it asks for authorisation, or for a word that everyone is welcome', async (t) => {
  const open = createHub();
  t.after(() => open.close());
  for (const host of ['0.0.0.0', '::', '192.0.2.1', '']) {
    await assert.rejects(
      open.listen({ host, port: 0 }),
      { code: 'invalid_parameter', message: /anonymous/ },
      host,
    );
  }
  const { port } = await open.listen({ host: '0.0.0.0', port: 0, anonymous: true });
  assert.equal((await send(`http://127.0.0.1:${port}/healthz`)).status, 200);

  const guarded = createHub({ authorise: () => undefined });
  t.after(() => guarded.close());
  await guarded.listen({ host: '0.0.0.0', port: 0 });
});

test('what it can’t use it refuses, rather than listen somewhere else', async (t) => {
  const hub = createHub();
  t.after(() => hub.close());
  const listen = hub.listen as (options: unknown) => Promise<unknown>;
  for (const [options, message] of [
    [3000, /^listen: .*found 3000, expected an object with host, port, anonymous, tls and webtransport/],
    [{ prot: 3000 }, /^listen: prot: .*did you mean port/],
    [{ port: '3000' }, /^listen: port: found "3000", expected a whole number/],
  ] as const) {
    await assert.rejects(listen(options), { name: 'TypeError', message });
  }
});

test('a port that is taken is told of, and the hub can still listen elsewhere and close', async () => {
  const hub = createHub();
  const { port } = await hub.listen({ port: 0 });
  await assert.rejects(hub.listen({ port }), { code: 'EADDRINUSE' });
  await hub.listen({ port: 0 });
  await hub.close({ drainMs: 0 });
});

test('a hub that is closed, or closes meanwhile, does not listen any more', async () => {
  const hub = createHub();
  const listening = hub.listen({ port: 0 });
  const closed = hub.close();
  await assert.rejects(listening, { code: 'draining', message: /closed/ });
  await closed;
  await assert.rejects(hub.listen({ port: 0 }), { code: 'draining', message: /closed/ });
});
