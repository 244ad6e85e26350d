import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHub, type FanwireHub, type HubOptions } from '../../src/index.ts';
import { startHub } from '../support/hub.ts';

const CHANNEL = 'http://localhost/channels/scores';
const SSE = { accept: 'text/event-stream' };

interface Asked {
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly address?: string;
}

async function codeOf(response: Response): Promise<string | number> {
  return response.ok ? response.status : (await response.json()).code;
}

async function ask(
  hub: FanwireHub,
  { url = CHANNEL, headers = {}, address }: Asked,
): Promise<string | number> {
  const response = await hub.fetch(new Request(url, { headers }), { address });
  if (headers.accept) return response.status;
  return codeOf(response);
}

test('limits count by the address that the server tells', async (t) => {
  const { hub } = await startHub(t, { limits: { connectionsPerAddress: 1 } });
  const address = '192.0.2.1';
  assert.equal(await ask(hub, { headers: SSE, address }), 200);
  assert.equal(await ask(hub, { address }), 'too_many_connections');
  assert.equal(await ask(hub, { address: '192.0.2.2' }), 200);
  assert.deepEqual(
    hub.connections().map((connection) => connection.address),
    [address],
  );
});

test('clients whose address nobody tells count as one, and are told why', async (t) => {
  const { hub } = await startHub(t, { limits: { connectionsPerAddress: 1 } });
  assert.equal(await ask(hub, { headers: SSE }), 200);
  // As Bun gives its server, whose address is something else.
  const refused = await hub.fetch(new Request(CHANNEL), { address: { port: 80 } as unknown as string });
  assert.equal(refused.status, 429);
  assert.match((await refused.json()).detail, /trustProxy.*hub\.fetch/);
});

test('a proxy that is trusted tells the address', async (t) => {
  const { hub } = await startHub(t, { trustProxy: true, limits: { connectionsPerAddress: 1 } });
  const from = (address: string) => ({ 'x-forwarded-for': address });
  assert.equal(await ask(hub, { headers: { ...SSE, ...from('192.0.2.1') } }), 200);
  assert.equal(await ask(hub, { headers: from('192.0.2.1') }), 'too_many_connections');
  assert.equal(await ask(hub, { headers: from('192.0.2.2') }), 200);
});

test('an open hub answers to loopback names only, unless the client is known to come from elsewhere', async (t) => {
  const { hub } = await startHub(t);
  const url = 'http://evil.example/channels/scores';
  for (const address of [undefined, '127.0.0.1', '::1']) {
    assert.equal(await ask(hub, { url, ...(address && { address }) }), 'host_not_allowed');
    assert.equal(
      await ask(hub, { url: 'http://127.0.0.1:3000/channels/a', ...(address && { address }) }),
      200,
    );
  }
  assert.equal(await ask(hub, { url, address: '192.0.2.1' }), 200);
});

test('the host is the header’s, which a framework that makes a URL up passes on', async (t) => {
  const { hub } = await startHub(t, { hosts: ['app.example'] });
  assert.equal(await ask(hub, { headers: { host: 'app.example:8080' } }), 200);
  assert.equal(await ask(hub, { headers: { host: 'evil.example' } }), 'host_not_allowed');
  assert.equal(await ask(hub, { url: 'http://app.example/channels/a' }), 200);
});

test('a page’s own origin is the URL’s, and others are refused', async (t) => {
  const { hub } = await startHub(t, { hosts: ['app.example'] });
  const url = 'https://app.example/channels/a';
  assert.equal(await ask(hub, { url, headers: { origin: 'https://app.example' } }), 200);
  for (const origin of ['http://app.example', 'https://evil.example', 'null'])
    assert.equal(await ask(hub, { url, headers: { origin } }), 'origin_not_allowed');
});

test('a token is found where it is over HTTP, and `authorise` is given headers and address', async (t) => {
  const asked: unknown[] = [];
  const options: HubOptions = {
    authorise({ token, headers, address }) {
      asked.push([token, headers['x-tenant'], address]);
      return token === undefined ? undefined : { subject: 'ann', read: true };
    },
  };
  const { hub } = await startHub(t, options);
  const headers = { authorization: 'Bearer abc', 'x-tenant': 'one' };
  assert.equal(await ask(hub, { headers, address: '192.0.2.1' }), 200);
  assert.equal(await ask(hub, { address: '192.0.2.1' }), 'unauthenticated');
  assert.deepEqual(asked, [
    ['abc', 'one', '192.0.2.1'],
    [undefined, undefined, '192.0.2.1'],
  ]);
});

/** A body of so many bytes that comes piece by piece, and tells whether the rest was wanted. */
function pieces(count: number, last: 'ends' | 'breaks' = 'ends') {
  const told = { given: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (told.given < count)
        controller.enqueue(new TextEncoder().encode(told.given++ === 0 ? '"aaa' : 'aaaa'));
      else if (last === 'breaks') controller.error(new Error('reset'));
      else controller.close();
    },
    cancel() {
      told.cancelled = true;
    },
  });
  return { body, told };
}

function publish(hub: FanwireHub, body: BodyInit): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body, duplex: 'half' };
  return hub.fetch(new Request(CHANNEL, init as RequestInit), { address: '192.0.2.1' });
}

test('of a body that is too large the rest is not read', async (t) => {
  const { hub } = await startHub(t, { limits: { bodyBytes: 100 } });
  const { body, told } = pieces(1_000_000);
  assert.equal(await codeOf(await publish(hub, body)), 'body_too_large');
  assert.ok(told.given < 100, `${told.given} pieces were read`);
  assert.ok(told.cancelled);
});

test('a body that breaks off publishes nothing', async (t) => {
  const { hub } = await startHub(t);
  assert.equal(await codeOf(await publish(hub, pieces(3, 'breaks').body)), 'connection_lost');
  assert.deepEqual((await hub.channels()).channels, []);
});

test('a body that the program has read is a fault of the program, which is told', async () => {
  const faults: unknown[] = [];
  const hub = createHub({ onError: (fault) => faults.push(fault) });
  const headers = { 'content-type': 'application/json' };
  const request = new Request(CHANNEL, { method: 'POST', headers, body: '1' });
  await request.text();
  assert.equal(await codeOf(await hub.fetch(request)), 'internal');
  assert.match(String((faults[0] as Error).message), /clone/);
  await hub.close();
});
