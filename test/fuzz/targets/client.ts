import assert from 'node:assert/strict';
import fc from 'fast-check';
import { errorOfAnswer, type Failure } from '../../../src/client/failure.ts';
import { connect } from '../../../src/client/index.ts';
import { cuts, mutated, piecesOf } from '../mutated.ts';
import { target } from '../target.ts';

const WELCOME = '{"welcome":{"node":"n1","heartbeatMs":25000}}';
const FRAMES = [
  WELCOME,
  '{"ref":1,"ok":{"position":"k3f9.0"}}',
  '{"ref":2,"ok":{"id":"k3f9.1"}}',
  '{"ref":1,"error":{"code":"forbidden","detail":"no","retryAfter":1}}',
  '{"error":{"code":"draining","detail":"bye"}}',
  '{"id":"k3f9.1","channel":"a","time":1700000000000,"data":{"home":1}}',
  '{"id":"k3f9.2","channel":"a","time":1,"data":"aGk=","encoding":"base64"}',
  '{"gap":{"channel":"a","from":"k3f9.0","to":"k3f9.7","reason":"trimmed"}}',
  '{"heartbeat":{"position":"k3f9.0"}}',
  '{"pong":7}',
  '{"move":{"withinMs":5000}}',
  '1',
  'null',
];
const frames = fc.array(mutated(FRAMES, 2), { minLength: 1, maxLength: 6 });
const settings = { storage: null, clientId: 'fuzzed-client', staggerMs: 60_000 } as const;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Takes the place of a browser's; a test does what the other end does. */
class Socket {
  static last: Socket | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: string }) => void) | null = null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
  constructor() {
    Socket.last = this;
  }
  send(): void {}
  close(): void {}
}

function use(options: Parameters<typeof connect>[1]) {
  const client = connect('http://127.0.0.1:1', { ...settings, ...options });
  client.subscribe('a', { onMessage: () => {}, onError: () => {} });
  client.publish('a', 1).catch(() => {});
  return client;
}

/** A response in pieces, as a stream gives them. */
function responseOf(text: string, at: readonly number[], contentType: string, over: () => void): Response {
  const pieces = piecesOf(new TextEncoder().encode(text), at);
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift();
      if (piece) return controller.enqueue(piece);
      controller.close();
      over();
    },
    cancel: over,
  });
  return new Response(body, { headers: { 'content-type': contentType } });
}

const STREAMS = {
  sse: { contentType: 'text/event-stream', line: (frame: string) => `data: ${frame}\n\n` },
  'http-streaming': { contentType: 'application/x-ndjson', line: (frame: string) => `${frame}\n` },
} as const;

export const clientTargets = [
  target(
    'frames of a hub over a WebSocket',
    frames,
    async (texts) => {
      const client = use({ transports: ['websocket'], WebSocket: Socket });
      try {
        await turn();
        const socket = Socket.last!;
        socket.onopen?.();
        socket.onmessage?.({ data: WELCOME });
        // Nothing is to be thrown into the page, whatever comes.
        for (const data of texts) socket.onmessage?.({ data });
        socket.onclose?.({ code: 1006, reason: '' });
        await turn();
      } finally {
        client.close();
      }
    },
    0.3,
  ),
  ...(['sse', 'http-streaming'] as const).map((name) =>
    target(
      `frames of a hub over ${name}`,
      fc.tuple(frames, cuts, mutated([WELCOME], 1)),
      async ([texts, at, first]) => {
        const { contentType, line } = STREAMS[name];
        const text = [first, ...texts].map(line).join('');
        let read = () => {};
        const over = new Promise<void>((resolve) => {
          read = resolve;
        });
        const client = use({
          transports: [name],
          fetch: async (_url, init) => {
            init?.signal?.addEventListener('abort', read);
            return responseOf(text, at, contentType, read);
          },
        });
        // To its end, or given up before: whatever comes, the client is left in a state that can be closed.
        await over;
        await turn();
        client.close();
      },
      0.1,
    ),
  ),
  target(
    'answers that are not the one asked for',
    fc.tuple(
      fc.integer({ min: 200, max: 599 }),
      fc.constantFrom('application/problem+json', 'text/html', null),
      mutated(['{"code":"draining","detail":"bye","retryAfter":1}', '[]', 'null', '1', '"x"']),
      mutated(['5', 'Wed, 21 Oct 2026 07:28:00 GMT', '-1', '1e999'], 2),
    ),
    ([status, contentType, body, retryAfter]) => {
      const failure: Failure = errorOfAnswer({ status, contentType, retryAfter, body });
      assert.equal(typeof failure.cause, 'string');
      assert.ok(!failure.final || failure.code, 'given up for good, without a reason');
    },
  ),
];
