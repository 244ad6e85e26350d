import { WebSocket } from 'ws';
import { Arrivals } from './arrivals.ts';
import { channelUrl, Disconnected, itemOf, type Reader, type ReaderOptions, Refused } from './reader.ts';

/** Reads a channel's plain WebSocket, whose first frame says where reading begins. */
export async function openWebSocket(base: string, options: ReaderOptions): Promise<Reader> {
  const socket = new WebSocket(channelUrl(base, options).replace(/^http/, 'ws'), {
    headers: options.headers ?? {},
  });
  const arrivals = new Arrivals();
  socket.on('unexpected-response', (_request, response) => {
    arrivals.end(new Refused(response.statusCode ?? 0));
    socket.terminate();
  });
  socket.on('error', (cause) => arrivals.end(new Disconnected('the socket broke', { cause })));
  socket.on('close', (code) => arrivals.end(new Disconnected(`closed with ${code}`)));
  socket.on('message', (bytes: Buffer, binary) => {
    const frame = binary ? binaryFrame(bytes) : JSON.parse(bytes.toString());
    if ('heartbeat' in frame) arrivals.reach(frame.heartbeat.position ?? '');
    else if ('error' in frame) arrivals.end(new Disconnected(frame.error.code));
    else arrivals.push(itemOf(frame));
  });
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

/** `[uint16 BE n][n bytes of JSON: the message without data][payload]` */
function binaryFrame(bytes: Buffer) {
  const end = 2 + bytes.readUInt16BE(0);
  return { ...JSON.parse(bytes.subarray(2, end).toString()), data: new Uint8Array(bytes.subarray(end)) };
}
