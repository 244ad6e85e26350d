import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { type Event, EventSchema, GapReason, SubscribeRequestSchema } from '../../../src/grpc/index.ts';
import type { GapReason as Reason } from '../../../src/protocol/gap.ts';
import { opener } from '../http2.ts';
import { Arrivals } from './arrivals.ts';
import { Disconnected, type OpenReader, type Reader, type ReaderOptions, Refused } from './reader.ts';

const PREFIX_BYTES = 5;
/** Of gRPC-Web's trailers and Connect's end. */
const LAST = 0x80 | 0x02;

/** Reads by gRPC, over HTTP/2. */
export const openGrpc: OpenReader = (base, options) => openCall(base, { ...options, http2: true }, 'grpc');

/** Reads by gRPC-Web, as pages do. */
export const openGrpcWeb: OpenReader = (base, options) => openCall(base, options, 'grpc-web');

/** Reads by Connect's streams. */
export const openConnect: OpenReader = (base, options) => openCall(base, options, 'connect');

async function openCall(base: string, options: ReaderOptions, protocol: string): Promise<Reader> {
  const { channels, after = '', last, headers } = options;
  const request = create(SubscribeRequestSchema, {
    channels: [...channels],
    after,
    ...(last !== undefined && { last }),
  });
  const response = await opener(options)(`${base}/fanwire.v1.Hub/Subscribe`, {
    method: 'POST',
    headers: { 'content-type': `application/${protocol}+proto`, ...headers },
    body: enveloped(toBinary(SubscribeRequestSchema, request)),
  }).catch((cause) => {
    throw new Disconnected('no response', { cause });
  });
  if (response.statusCode !== 200) throw new Refused(response.statusCode ?? 0);
  const arrivals = new Arrivals();
  let rest: Buffer = Buffer.alloc(0);
  response.on('data', (part: Buffer) => {
    rest = rest.length === 0 ? part : Buffer.concat([rest, part]);
    while (rest.length >= PREFIX_BYTES) {
      const end = PREFIX_BYTES + rest.readUInt32BE(1);
      if (rest.length < end) return;
      const message = rest.subarray(PREFIX_BYTES, end);
      if ((rest[0]! & LAST) !== 0) arrivals.end(new Disconnected(message.toString()));
      else take(arrivals, fromBinary(EventSchema, message));
      rest = rest.subarray(end);
    }
  });
  response.on('error', () => arrivals.end());
  response.on('close', () => arrivals.end());
  await arrivals.begin();
  return {
    next: () => arrivals.next(),
    get position() {
      return arrivals.position;
    },
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close: () => void response.destroy(),
  };
}

function enveloped(bytes: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

function take(arrivals: Arrivals, { event }: Event): void {
  switch (event.case) {
    case 'heartbeat':
      if (event.value.position !== undefined) arrivals.reach(event.value.position);
      return;
    case 'gap': {
      const { channel, from, to, reason } = event.value;
      const gap = { channel, from, to, reason: reasonOf(reason) };
      arrivals.push({ kind: 'gap', gap });
      return;
    }
    case 'message': {
      const { id, channel, type, from, time, data, contentType } = event.value;
      const optional = { ...(type !== '' && { type }), ...(from !== '' && { from }) };
      arrivals.push({
        kind: 'message',
        message: { id, channel, ...optional, time: timestampMs(time!), data: dataOf(data, contentType) },
      });
    }
  }
}

function reasonOf(reason: GapReason): Reason {
  const [name] = Object.entries(GapReason).find(([, value]) => value === reason)!;
  return name.toLowerCase() as Reason;
}

function dataOf(data: Uint8Array, contentType: string): unknown {
  if (contentType === 'application/octet-stream') return new Uint8Array(data);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(data);
  return contentType === 'application/json' ? JSON.parse(text) : text;
}
