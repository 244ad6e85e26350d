// Who takes part in the fan-out benchmark: how each is started, and the bytes that open a subscription.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const node = (script) => () => [process.execPath, [join(HERE, 'servers', script)]];
const floor = (kind) => (folder) => [compile('servers/write-loop.c', folder), [kind]];

const upgrade = (path) => (port) =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
const get = (path, accept) => (port) =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: ${accept}\r\n\r\n`;

/** A masked text frame, as a client sends it. */
function clientFrame(text) {
  const mask = [1, 2, 3, 4];
  const payload = Buffer.from(text).map((byte, index) => byte ^ mask[index % 4]);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, ...mask]), payload]);
}

/** By kind of stream, the contestant that all others are compared with. */
export const FLOOR = { websocket: 'C write loop (WebSocket)', sse: 'C write loop (SSE)' };

export const CONTESTANTS = [
  {
    name: FLOOR.websocket,
    kind: 'websocket',
    floor: true,
    command: floor('websocket'),
    request: upgrade('/'),
  },
  {
    name: 'fanwire WebSocket',
    kind: 'websocket',
    command: node('fanwire.mjs'),
    request: upgrade('/channels/scores'),
  },
  { name: 'ws', kind: 'websocket', command: node('ws.mjs'), request: upgrade('/') },
  {
    name: 'Socket.IO',
    kind: 'websocket',
    command: node('socket.io.mjs'),
    request: upgrade('/socket.io/?EIO=4&transport=websocket'),
    followUp: clientFrame('40'),
  },
  { name: 'SockJS', kind: 'websocket', command: node('sockjs.mjs'), request: upgrade('/scores/websocket') },
  {
    name: 'Bun',
    kind: 'websocket',
    command: () => [join(HERE, 'node_modules/.bin/bun'), [join(HERE, 'servers/bun.mjs')]],
    request: upgrade('/'),
  },
  {
    name: FLOOR.sse,
    kind: 'sse',
    floor: true,
    command: floor('sse'),
    request: get('/', 'text/event-stream'),
  },
  {
    name: 'fanwire SSE',
    kind: 'sse',
    command: node('fanwire.mjs'),
    request: get('/channels/scores', 'text/event-stream'),
  },
  {
    name: 'fanwire HTTP streaming',
    kind: 'sse',
    command: node('fanwire.mjs'),
    request: get('/channels/scores', 'application/x-ndjson'),
  },
  {
    name: 'node:http SSE',
    kind: 'sse',
    command: node('node-sse.mjs'),
    request: get('/', 'text/event-stream'),
  },
];
