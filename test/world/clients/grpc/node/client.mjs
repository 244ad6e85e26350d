// A client by @grpc/grpc-js that knows the service and docs/grpc.md, and prints a line of JSON for each thing that it sees.
//
//   client.mjs read|publish|stream ADDRESS CHANNEL COUNT
//   client.mjs calls|slow ADDRESS CHANNEL
import { setTimeout as sleep } from 'node:timers/promises';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { Hub } from 'fanwire/grpc';

const RETRY_MS = 50;
const MEGABYTE = 2 ** 20;
const OPTIONS = {
  'grpc.max_receive_message_length': 2 * MEGABYTE,
  'grpc.initial_reconnect_backoff_ms': RETRY_MS,
  'grpc.max_reconnect_backoff_ms': RETRY_MS,
};

/** What grpc-js asks of a service. */
const definition = Object.fromEntries(
  Hub.methods.map(({ name, localName, input, output, methodKind }) => [
    localName,
    {
      path: `/${Hub.typeName}/${name}`,
      requestStream: methodKind.startsWith('client') || methodKind.startsWith('bidi'),
      responseStream: methodKind.startsWith('server') || methodKind.startsWith('bidi'),
      requestSerialize: (message) => Buffer.from(toBinary(input, create(input, message))),
      responseDeserialize: (bytes) => fromBinary(output, bytes),
    },
  ]),
);

const [task, address, channel, count] = process.argv.slice(2);
const hub = new (makeGenericClientConstructor(definition))(address, credentials.createInsecure(), OPTIONS);

/** A call of one answer, as a promise. */
function answer(method, request) {
  return new Promise((resolve, reject) => {
    hub[method](request, (error, value) => (error ? reject(error) : resolve(value)));
  });
}

function show(line) {
  console.log(JSON.stringify(line));
}

/** Goes on after its position whenever it was cut. */
async function read() {
  let left = Number(count);
  let after = 'now';
  for (;;) {
    try {
      for await (const { event } of hub.subscribe({ channels: [channel], after })) {
        if (event.case === 'heartbeat') {
          if (after === 'now') show({ position: event.value.position });
          after = event.value.position;
        } else if (event.case === 'message') {
          after = event.value.id;
          show({ id: after, data: JSON.parse(Buffer.from(event.value.data)) });
          if (--left === 0) return;
        }
      }
    } catch (error) {
      console.error(error);
      await sleep(RETRY_MS);
    }
  }
}

/** Sends again what had no answer. */
async function publish() {
  for (let number = 1; number <= count; ) {
    const request = { channel, data: Buffer.from(`${number}`), idempotencyKey: `node-${number}` };
    try {
      show({ id: (await answer('publish', request)).id });
      number += 1;
    } catch {
      await sleep(RETRY_MS);
    }
  }
}

/** Publishes all on one call. */
async function stream() {
  const summary = await new Promise((resolve, reject) => {
    const call = hub.publishStream((error, value) => (error ? reject(error) : resolve(value)));
    for (let number = 1; number <= count; number++) call.write({ channel, data: Buffer.from(`${number}`) });
    call.end();
  });
  show({ published: Number(summary.published) });
}

/** Shows how calls end, and that a megabyte goes both ways. */
async function calls() {
  const request = { channels: [channel] };
  show({ deadline: await codeOf(hub.subscribe(request, { deadline: Date.now() + 200 })) });

  const events = hub.subscribe(request);
  await events[Symbol.asyncIterator]().next();
  const ended = codeOf(events);
  events.cancel();
  show({ cancel: await ended });

  show({ refused: await answer('publish', { channel: 'no name' }).catch(({ code }) => code) });

  await answer('publish', { channel, data: Buffer.alloc(MEGABYTE, 'x'), contentType: 'text/plain' });
  const page = await answer('read', { channels: [channel], last: 1 });
  show({ large: page.messages[0].data.length });
}

/** Takes nothing of what it reads until it is told to on another channel. */
async function slow() {
  const told = hub.subscribe({ channels: ['go-on'] })[Symbol.asyncIterator]();
  await told.next();
  const events = hub.subscribe({ channels: [channel] })[Symbol.asyncIterator]();
  await events.next();
  show({ reading: true });
  while ((await told.next()).value.event.case !== 'message');
  let messages = 0;
  let gaps = 0;
  for (;;) {
    const { event } = (await events.next()).value;
    if (event.case === 'gap') gaps += 1;
    if (event.case !== 'message') continue;
    messages += 1;
    if (event.value.type === 'end') break;
  }
  show({ messages, gaps });
}

function codeOf(call) {
  call.resume();
  return new Promise((resolve) => call.on('error', ({ code }) => resolve(code)));
}

await { read, publish, stream, calls, slow }[task]();
process.exit(0);
