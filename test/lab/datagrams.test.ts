import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { startDatagrams } from '../../src/lab/middlebox/datagrams.ts';
import { onEnd } from '../support/on-end.ts';

async function socket(t: TestContext, address = '127.0.0.1') {
  const socket = createSocket('udp4').bind(0, address);
  await once(socket, 'listening');
  onEnd(t, () => void socket.close());
  return socket;
}

/** Answers each packet with whence it came. */
async function target(t: TestContext, name: string) {
  const server = await socket(t);
  server.on('message', (packet, { address, port }) =>
    server.send(`${name} ${packet} ${address}:${port}`, port, address),
  );
  return server.address().port;
}

async function client(t: TestContext, port: number) {
  const own = await socket(t);
  return {
    send: (text: string) => own.send(text, port, '127.0.0.1'),
    async ask(text: string) {
      own.send(text, port, '127.0.0.1');
      return `${(await once(own, 'message'))[0]}`.split(' ');
    },
    next: async () => `${(await once(own, 'message'))[0]}`.split(' '),
  };
}

test('packets of a client come from one port until its flow is forgotten, and from the address that is wanted', async (t) => {
  const port = await target(t, 'a');
  let from: string | undefined;
  const box = await startDatagrams(0, port, () => from);
  onEnd(t, () => box.close());
  const { ask } = await client(t, box.port);
  const [, , first] = await ask('one');
  assert.deepEqual(await ask('two'), ['a', 'two', first]);
  box.forgetAll();
  from = '127.0.0.2';
  const [, , second] = await ask('three');
  assert.match(second!, /^127\.0\.0\.2:/);
  assert.equal(box.received, 3);

  let forgotten = 0;
  const heard = new Promise<void>((resolve) => {
    box.onForgotten = () => {
      forgotten++;
      resolve();
    };
  });
  box.forgetAfterMs = 1_000;
  assert.deepEqual(await ask('four'), ['a', 'four', second]);
  await heard;
  assert.notEqual((await ask('five'))[2], second);
  assert.equal(forgotten, 1);
});

test('each flow goes to the target that is chosen as it begins; what is dropped never comes, and what is held comes later', async (t) => {
  const targets = [await target(t, 'a'), await target(t, 'b')];
  const box = await startDatagrams(0, targets[0]!, () => undefined);
  onEnd(t, () => box.close());
  let turn = 0;
  box.route = () => targets[turn++ % 2]!;
  const [one, two] = [await client(t, box.port), await client(t, box.port)];
  const names = [await one.ask('1'), await two.ask('1'), await one.ask('2'), await two.ask('2')];
  assert.deepEqual(
    names.map(([name]) => name),
    ['a', 'b', 'a', 'b'],
  );

  const stopDropping = box.dropAll();
  one.send('dropped');
  while (box.received < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  stopDropping();
  const release = box.holdAll();
  one.send('held');
  while (box.received < 6) await new Promise((resolve) => setTimeout(resolve, 5));
  const next = one.next();
  release();
  assert.equal((await next)[1], 'held');
});
