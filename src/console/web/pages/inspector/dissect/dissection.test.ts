import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Side } from '../../../../inspector/wire-record.ts';
import { acceptOf } from './accept-key.ts';
import { Dissection } from './dissection.ts';
import { createEventReader } from './event-lines.ts';
import { readFrameHeader, unmasked } from './frame.ts';
import { sha1 } from './sha1.ts';
import type { Detail, Step } from './steps.ts';

const OPENING = { kind: 'open', exchange: 'x', connection: 'c', nth: 1, at: 0 } as const;

interface Piece {
  readonly from: Side;
  readonly text: string;
  /** How many bytes are kept. */
  readonly kept?: number;
}

/** Takes pieces apart, each cut at the given distances. */
function dissect(
  pieces: readonly Piece[],
  cuts: readonly number[] = [],
): { readonly steps: readonly Step[] } {
  const steps: Step[] = [];
  const dissection = new Dissection(OPENING, 1, 1, (step) => steps.push(step));
  let at = 0;
  let cut = 0;
  for (const { from, text, kept } of pieces) {
    const bytes = Buffer.from(text, 'latin1');
    for (let start = 0; start < bytes.length; ) {
      const end = kept === undefined ? start + (cuts[cut++ % cuts.length] ?? bytes.length) : bytes.length;
      const part = bytes.subarray(start, end);
      const base64 = part.subarray(0, kept).toString('base64');
      dissection.add({ kind: 'bytes', exchange: 'x', from, at: ++at, length: part.length, base64 });
      start = end;
    }
  }
  return { steps };
}

const kinds = (steps: readonly Step[]) => steps.map(({ from, detail }) => `${from} ${detail.kind}`);

function detailOf<Kind extends Detail['kind']>(step: Step | undefined, kind: Kind) {
  assert.equal(step?.detail.kind, kind);
  return step!.detail as Extract<Detail, { kind: Kind }>;
}

const STREAM: readonly Piece[] = [
  { from: 'client', text: 'GET /channels/a HTTP/1.1\r\nAccept: text/event-stream\r\n\r\n' },
  {
    from: 'server',
    text: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n',
  },
  { from: 'server', text: '2c\r\nretry: 2000\nid: 1\nevent: position\ndata: {}\n\n\r\n' },
  { from: 'server', text: '12\r\nid: 2\ndata: "\xc3\xa4"\n\n\r\n0\r\n\r\n' },
];

const SOCKET: readonly Piece[] = [
  { from: 'client', text: 'GET /channels/a HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n' },
  { from: 'server', text: 'HTTP/1.1 101 Switching Protocols\r\n\r\n' },
  // RFC 6455 section 5.7: the masked text message, a fragmented one, a ping.
  { from: 'client', text: '\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58' },
  { from: 'server', text: '\x01\x03Hel\x80\x02lo\x89\x05Hello' },
  { from: 'server', text: `\x82\x7e\x01\x00${'x'.repeat(256)}` },
  { from: 'client', text: '\x88\x82\0\0\0\0\x03\xe8' },
];

const CALL: readonly Piece[] = [
  {
    from: 'client',
    text: 'POST /fanwire.v1.Hub/Subscribe HTTP/1.1\r\nContent-Type: application/connect+json\r\nContent-Length: 7\r\n\r\n\0\0\0\0\x02{}',
  },
  {
    from: 'server',
    text: 'HTTP/1.1 200 OK\r\nContent-Type: application/connect+json\r\nTransfer-Encoding: chunked\r\n\r\n',
  },
  // A heartbeat; a message in two chunks; how it ended.
  { from: 'server', text: '15\r\n\0\0\0\0\x10{"heartbeat":{}}\r\n' },
  { from: 'server', text: '9\r\n\0\0\0\0\x0e{"me\r\na\r\nssage":{}}\r\n' },
  { from: 'server', text: '7\r\n\x02\0\0\0\x02{}\r\n0\r\n\r\n' },
];

const anyCuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

test('an event stream is taken apart alike wherever its bytes are cut', () => {
  const whole = dissect(STREAM).steps;
  assert.deepEqual(kinds(whole), [
    'client request',
    'server answer',
    'server chunk',
    'server chunk',
    'server chunk',
  ]);
  fc.assert(
    fc.property(anyCuts, (cuts) => {
      const steps = dissect(STREAM, cuts).steps;
      assert.deepEqual(
        steps.map(({ detail, bytes, tally }) => ({ ...detail, parkedMs: 0, bytes, tally })),
        whole.map(({ detail, bytes, tally }) => ({ ...detail, parkedMs: 0, bytes, tally })),
      );
    }),
  );
});

test('a WebSocket is taken apart alike wherever its bytes are cut, several frames in a segment or one in many', () => {
  const whole = dissect(SOCKET).steps;
  assert.equal(kinds(whole).filter((kind) => kind.endsWith('frame')).length, 6);
  assert.equal(Buffer.from(detailOf(whole[2], 'frame').payload).toString(), 'Hello');
  fc.assert(
    fc.property(anyCuts, (cuts) => {
      const steps = dissect(SOCKET, cuts).steps;
      assert.deepEqual(kinds(steps), kinds(whole));
      assert.deepEqual(
        steps.map(({ bytes, tally }) => [bytes, tally]),
        whole.map(({ bytes, tally }) => [bytes, tally]),
      );
    }),
  );
});

test('a call of Connect is taken apart to its envelopes alike wherever its bytes are cut', () => {
  const told = (steps: readonly Step[]) =>
    steps.slice(2).map(({ detail, tally }) => [detail, tally.messages, tally.content]);
  const { steps } = dissect(CALL);
  assert.deepEqual(kinds(steps).slice(0, 3), ['client request', 'client body', 'server answer']);
  const { content } = detailOf(steps[1], 'body');
  assert.deepEqual(content.kind === 'envelopes' && content.envelopes.map(({ text }) => text), ['{}']);
  const envelopes = steps.slice(3, -1).map((step) => {
    const { content } = detailOf(step, 'chunk');
    return content.kind === 'envelopes' ? content.envelopes.map(({ flags, text }) => [flags, text]) : [];
  });
  assert.deepEqual(envelopes, [[[0, '{"heartbeat":{}}']], [], [[0, '{"message":{}}']], [[2, '{}']]]);
  assert.deepEqual(
    steps.map(({ tally }) => tally.messages),
    [0, 0, 0, 0, 0, 1, 0, 0],
  );
  fc.assert(
    fc.property(anyCuts, (cuts) => {
      const again = dissect(CALL, cuts).steps;
      assert.deepEqual(
        told(again).filter(([detail]) => (detail as Detail).kind === 'chunk'),
        told(steps).filter(([detail]) => (detail as Detail).kind === 'chunk'),
      );
    }),
  );
});

test('of a subscription’s frames those count as messages that bring one, and all around their payload is framing', () => {
  const payload = '{"data":{"channel":{"id":"e.1"}}}';
  const next = `{"id":"1","type":"next","payload":${payload}}`;
  const { steps } = dissect([
    { from: 'client', text: 'GET /graphql HTTP/1.1\r\nUpgrade: websocket\r\n\r\n' },
    { from: 'server', text: 'HTTP/1.1 101 Switching Protocols\r\n\r\n' },
    { from: 'server', text: '\x81\x19{"type":"connection_ack"}' },
    { from: 'server', text: `\x81${String.fromCharCode(next.length)}${next}` },
  ]);
  const [ack, message] = steps.slice(2);
  assert.equal(detailOf(ack, 'frame').graphql?.type, 'connection_ack');
  assert.equal(ack!.tally.upkeep, ack!.length);
  assert.equal(detailOf(message, 'frame').graphql?.id, '1');
  assert.deepEqual(message!.tally, {
    heads: 0,
    framing: 2 + next.length - payload.length,
    upkeep: 0,
    content: payload.length,
    messages: 1,
  });
});

test('every byte is in one step, and each step’s tally sums up to its bytes', () => {
  for (const pieces of [STREAM, SOCKET, CALL]) {
    const { steps } = dissect(pieces);
    for (const side of ['client', 'server'] as const) {
      assert.equal(
        Buffer.concat(steps.filter(({ from }) => from === side).map(({ bytes }) => bytes)).toString('latin1'),
        pieces
          .filter(({ from }) => from === side)
          .map(({ text }) => text)
          .join(''),
      );
    }
    for (const { tally, length } of steps)
      assert.equal(tally.heads + tally.framing + tally.upkeep + tally.content, length);
  }
});

test('an event’s framing is all but its data, and what carries no event is upkeep', () => {
  const [, , opening, event, last] = dissect(STREAM).steps;
  assert.deepEqual(opening!.tally, { heads: 0, framing: 0, upkeep: 50, content: 0, messages: 0 });
  assert.deepEqual(event!.tally, { heads: 0, framing: 20, upkeep: 0, content: 4, messages: 1 });
  assert.equal(last!.tally.upkeep, 5);
});

test('where the recording left bytes of a payload out, what follows is still taken apart', () => {
  const { steps } = dissect([
    ...SOCKET.slice(0, 2),
    { from: 'server', text: `\x82\x7e\x01\x00${'x'.repeat(256)}`, kept: 50 },
    { from: 'server', text: '\x89\x00' },
  ]);
  assert.deepEqual(kinds(steps).slice(2), ['server frame', 'server frame']);
  assert.equal(detailOf(steps[2], 'frame').payload.length, 46);
  assert.equal(steps[2]!.length, 260);
  const chunked = dissect([
    ...STREAM.slice(0, 2),
    { from: 'server', text: `100\r\ndata: ${'x'.repeat(248)}\n\n\r\n`, kept: 40 },
    { from: 'server', text: '0\r\n\r\n' },
  ]);
  assert.deepEqual(kinds(chunked.steps).slice(2), ['server chunk', 'server chunk']);
});

test('where it left a frame’s header out, the rest is shown as bytes', () => {
  const { steps } = dissect([
    ...SOCKET.slice(0, 2),
    { from: 'server', text: '\x81\x01x', kept: 1 },
    { from: 'server', text: '\x81\x01y' },
  ]);
  assert.deepEqual(kinds(steps).slice(2), ['server raw', 'server raw']);
});

test('a body that is not in chunks as its head said is shown as bytes', () => {
  const { steps } = dissect([...STREAM.slice(0, 2), { from: 'server', text: 'oops\n' }]);
  assert.deepEqual(kinds(steps).slice(2), ['server raw']);
});

test('any text and bytes are read back from any frame, masked or not', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 70_000, size: 'large' }),
      fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
      (payload, mask) => {
        const short = payload.length < 126 ? payload.length : payload.length < 65_536 ? 126 : 127;
        const extended = Buffer.alloc(short < 126 ? 0 : short === 126 ? 2 : 8);
        if (short === 126) extended.writeUInt16BE(payload.length);
        if (short === 127) extended.writeBigUInt64BE(BigInt(payload.length));
        const head = Buffer.of(0x82, (mask ? 0x80 : 0) | short, ...extended, ...(mask ?? []));
        const header = readFrameHeader(Buffer.concat([head, unmasked(payload, mask)]))!;
        assert.equal(header.bytes, head.length);
        assert.ok(header.bytes >= 2 && header.bytes <= 14);
        assert.equal(header.payloadLength, payload.length);
        assert.deepEqual(unmasked(unmasked(payload, mask), header.mask), payload);
        for (let size = 0; size < head.length; size++)
          assert.equal(readFrameHeader(head.subarray(0, size)), undefined);
      },
    ),
    { numRuns: 50 },
  );
});

test('the accept keys of the standard and of the texts are worked out', () => {
  assert.equal(acceptOf('dGhlIHNhbXBsZSBub25jZQ==').accept, 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  assert.equal(acceptOf('T2a6wZlAwhgQNqruZ2YUyg==').accept, 'iBJKv/ALIW2DobfoA4dmr3JHBCY=');
});

test('SHA-1 of any bytes is that of Node', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.equal(Buffer.from(sha1(bytes)).toString('hex'), createHash('sha1').update(bytes).digest('hex'));
    }),
  );
});

test('the lines of an event stream are the same wherever it is cut, with each kind of line break', () => {
  const stream = ': hello\r\nid: 1\rdata\ndata: a\n\n\r\nevent:x\n\n: ';
  const whole = createEventReader()(stream);
  assert.deepEqual(
    whole.map(({ kind, name, value }) => [kind, name, value]),
    [
      ['comment', '', 'hello'],
      ['field', 'id', '1'],
      ['field', 'data', ''],
      ['field', 'data', 'a'],
      ['dispatch', '', ''],
      ['blank', '', ''],
      ['field', 'event', 'x'],
      ['blank', '', ''],
    ],
  );
  fc.assert(
    fc.property(anyCuts, (cuts) => {
      const read = createEventReader();
      const lines = [];
      for (let at = 0, index = 0; at < stream.length; at += cuts[index++ % cuts.length]!)
        lines.push(...read(stream.slice(at, at + cuts[index % cuts.length]!)));
      assert.deepEqual(lines, whole);
    }),
  );
});
