import { WebSocket } from 'ws';
import { openStreamWebSocket } from '../http2.ts';
import { OPCODE } from '../raw-websocket.ts';
import { Arrivals } from './arrivals.ts';
import { channelUrl, Disconnected, itemOf, type Reader, type ReaderOptions, Refused } from './reader.ts';

/** Reads a channel's plain WebSocket, whose first frame says where reading begins. */
export async function openWebSocket(base: string, options: ReaderOptions): Promise<Reader> {
  if (options.http2) return openHttp2WebSocket(base, options);
  const socket = new WebSocket(channelUrl(base, options).replace(/^http/, 'ws'), {
    headers: options.headers ?? {},
    // Of a certificate that a test has made for itself.
    rejectUnauthorized: false,
  });
  const arrivals = new Arrivals();
  const take = takerFor(arrivals);
  socket.on('unexpected-response', (_request, response) => {
    arrivals.end(new Refused(response.statusCode ?? 0));
    socket.terminate();
  });
  socket.on('error', (cause) => arrivals.end(new Disconnected('the socket broke', { cause })));
  socket.on('close', (code) => arrivals.end(new Disconnected(`closed with ${code}`)));
  socket.on('message', take);
  await arrivals.begin();

  return {
    next: () => arrivals.next(),
    get position() {
      return arrivals.position;
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.terminate(),
  };
}

/** The same over a stream of HTTP/2, framed by hand: `ws` has no client for it. */
async function openHttp2WebSocket(base: string, options: ReaderOptions): Promise<Reader> {
  const { status, webSocket } = await openStreamWebSocket(channelUrl(base, options), options.headers).catch(
    (cause) => {
      throw new Disconnected('the socket broke', { cause });
    },
  );
  if (status !== 200) throw new Refused(status);
  const arrivals = new Arrivals();
  const take = takerFor(arrivals);
  const read = async () => {
    for (;;) {
      const { first, payload } = await webSocket.readFrame();
      const opcode = first & 0x0f;
      if (opcode === OPCODE.text || opcode === OPCODE.binary) take(payload, opcode === OPCODE.binary);
      if (opcode === OPCODE.ping) webSocket.write(OPCODE.pong, payload);
      if (opcode === OPCODE.close) throw new Error(`closed with ${payload.readUInt16BE()}`);
    }
  };
  read().catch((cause) => arrivals.end(new Disconnected('the socket broke', { cause })));
  await arrivals.begin();
  return {
    next: () => arrivals.next(),
    get position() {
      return arrivals.position;
    },
    pause: () => webSocket.socket.pause(),
    resume: () => webSocket.socket.resume(),
    close: () => webSocket.socket.destroy(),
  };
}

/** What takes a message. */
function takerFor(arrivals: Arrivals) {
  return (bytes: Buffer, isBinary: boolean) => {
    const frame = isBinary ? binaryFrame(bytes) : JSON.parse(bytes.toString());
    if ('heartbeat' in frame) arrivals.reach(frame.heartbeat.position ?? '');
    else if ('error' in frame) arrivals.end(new Disconnected(frame.error.code));
    else arrivals.push(itemOf(frame));
  };
}

/** `[uint16 BE n][n bytes of JSON: the message without data][payload]` */
function binaryFrame(bytes: Buffer) {
  const end = 2 + bytes.readUInt16BE(0);
  return { ...JSON.parse(bytes.subarray(2, end).toString()), data: new Uint8Array(bytes.subarray(end)) };
}
