import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { graphql } from '../../../src/graphql/index.ts';
import { grpc } from '../../../src/grpc/index.ts';
import { createHub, type FanwireHub } from '../../../src/index.ts';
import { cuts, mutated, piecesOf } from '../mutated.ts';
import { target } from '../target.ts';

const SILENCE_MS = 20;
const FRAMES = '[{"hello":{"client":"4f1a90b2c7"}},{"ref":1,"publish":{"channel":"a","data":1}}]';
const NAMED = 'Host: 127.0.0.1\r\nConnection: close\r\n';
const HANDSHAKE =
  'Host: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
export const post = (path: string, type: string, body: string) =>
  `POST ${path} HTTP/1.1\r\n${NAMED}Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const BODIES = [
  FRAMES,
  FRAMES.slice(1, -1).replace('},{', '}\n{'),
  '[{"hello":{"client":"4f1a90b2c7"}},{"ref":1,"subscribe":{"channel":"a","presence":{"name":"Ada"}}},{"ref":2,"presence":{"channel":"a"}}]',
  '{"hello":{"client":"4f1a90b2c7"}}\n{"ref":1,"publish":{"channel":"a","data":"aGk=","encoding":"base64"}}\n{"ping":1}\n{"bye":true}',
  '{"home":1}',
  '1\n"two"\n{"three":3}\n',
];

/** What clients send, as it stands on the wire. */
const REQUESTS = [
  `GET /channels/a,b?last=3 HTTP/1.1\r\n${NAMED}Accept: application/json\r\n\r\n`,
  `GET /channels/a/presence HTTP/1.1\r\n${NAMED}\r\n`,
  `HEAD /healthz HTTP/1.1\r\n${NAMED}\r\n`,
  post('/channels/a?type=goal', 'application/json', '{"home":1}'),
  post('/channels/a', 'application/x-ndjson', '1\n"two"\n{"three":3}\n'),
  post('/connect', 'application/json', FRAMES),
  `POST /channels/a HTTP/1.1\r\n${NAMED}Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  // A close frame follows the handshake, so that the hub ends the connection.
  `GET /channels/a HTTP/1.1\r\n${HANDSHAKE}\r\n\u0088\u0080\u0000\u0000\u0000\u0000`,
  `GET /connect HTTP/1.1\r\n${HANDSHAKE}Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n\u0081\u0082\u0000\u0000\u0000\u0000{}`,
];

let opening: Promise<{ hub: FanwireHub; port: number; faults: unknown[] }> | undefined;

/** One hub for all runs, as one is for all clients. */
async function openHub() {
  const faults: unknown[] = [];
  const hub = createHub({
    compression: true,
    endpoints: [graphql(), grpc()],
    onError: (fault) => faults.push(fault),
    channels: { '*': { retain: { count: 10 } } },
    limits: { publishesPerSecond: 1_000_000 },
  });
  const { port } = await hub.listen({ port: 0 });
  return { hub, port, faults };
}

/** Lets go of what the targets here share. */
export async function closeNetwork(): Promise<void> {
  const { hub } = (await opening) ?? {};
  opening = undefined;
  await hub?.close({ drainMs: 0 });
}

/** An unfragmented frame whose mask changes nothing (RFC 6455 section 5.3). */
function maskedFrame(opcode: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.of(0x80 | opcode, 0xfe, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0);
  return Buffer.concat([head, payload]);
}

const opened = (path: string, text: string) =>
  Buffer.concat([
    Buffer.from(`GET ${path} HTTP/1.1\r\n${HANDSHAKE}\r\n`),
    ...text.split('\n').map((each) => maskedFrame(1, each.slice(0, 60_000))),
    maskedFrame(8, ''),
  ]);

/** Ways for a text to reach the hub as the body or the frame that it was meant for. */
const CARRIERS: readonly ((text: string) => Buffer)[] = [
  (text) => Buffer.from(post('/channels/a', 'application/json', text)),
  (text) => Buffer.from(post('/channels/a', 'application/x-ndjson', text)),
  (text) => Buffer.from(post('/channels/a', 'text/plain', text)),
  (text) => Buffer.from(post('/connect', 'application/json', text)),
  (text) => opened('/channels/a', text),
  (text) => opened('/connect', text),
];

/** The hub of all runs, and what it had to report. */
export function sharedHub() {
  opening ??= openHub();
  return opening;
}

/** Sends a request in pieces, and holds the hub to what it promises for whatever it is sent. */
export async function check(request: Buffer, at: readonly number[]): Promise<void> {
  const { port, faults } = await sharedHub();
  const answer = await answerTo(port, request, at);
  assert.deepEqual(faults, [], 'the hub reported faults');
  if (answer !== '') assert.match(answer, /^HTTP\/1\.1 \d{3} /);
  assert.doesNotMatch(answer, /^HTTP\/1\.1 500 |"code":"internal"/);
}

export const networkTargets = [
  target(
    'requests and handshakes on the wire',
    fc.tuple(mutated(REQUESTS, 3), cuts),
    ([request, at]) => check(Buffer.from(request, 'latin1'), at),
    0.06,
  ),
  target(
    'bodies and WebSocket frames on the wire',
    fc.tuple(fc.constantFrom(...CARRIERS), mutated(BODIES, 3), cuts),
    ([carry, text, at]) => check(carry(text), at),
    0.06,
  ),
];

/** What comes back until the hub ends the connection, or says nothing more. */
async function answerTo(port: number, request: Buffer, at: readonly number[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  let text = '';
  // A stream or a WebSocket would stay. To wait for longer would show more only of what is slow.
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  socket.setEncoding('latin1').on('data', (part: string) => (text += part));
  socket.on('error', () => {});
  for (const piece of piecesOf(request, at)) socket.write(piece);
  socket.end();
  await once(socket, 'close');
  return text;
}
