// One subscriber in JavaScript, over TLS: there is no WebTransport that a small program in C could speak.
import { WebTransport } from '@fanwire/webtransport/client';
import WebSocket from 'ws';

/** By what they are called: each opens, and resolves once the hub has said where reading starts. */
export const SUBSCRIPTIONS = {
  websocket: (port, path, take) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`wss://127.0.0.1:${port}${path}`, {
        rejectUnauthorized: false,
        perMessageDeflate: false,
      });
      socket.on('error', reject).on('message', (data) => take(data.toString()));
      socket.once('message', resolve);
    }),

  /** All channels of the path on one stream. */
  async webtransport(port, path, take) {
    const session = await sessionAt(port, path);
    const { value } = await session.incomingUnidirectionalStreams.getReader().read();
    await readAll(value, take);
  },

  async datagrams(port, path, take) {
    const session = await sessionAt(port, `${path}?unreliable`);
    const { value } = await session.incomingUnidirectionalStreams.getReader().read();
    // Each has its own decoder: it is whole.
    read(session.datagrams.readable, (bytes) => take(Buffer.from(bytes).toString()));
    await readAll(value, take);
  },
};

/** As the SDK does: each channel on a stream of its own. */
export async function streamForEach(port, channels, take) {
  const session = await sessionAt(port, '/connect');
  const { readable, writable } = await session.createBidirectionalStream();
  const writer = writable.getWriter();
  const frames = [{ hello: { client: '4f1a90b2c7' } }];
  for (const [ref, channel] of channels.entries()) frames.push({ ref, subscribe: { channel } });
  await writer.write(Buffer.from(`${frames.map((frame) => JSON.stringify(frame)).join('\n')}\n`));
  read(readable, () => {});
  const streams = session.incomingUnidirectionalStreams.getReader();
  for (const _ of channels) {
    const { value } = await streams.read();
    await readAll(value, take());
  }
}

async function sessionAt(port, path) {
  const session = new WebTransport(`https://127.0.0.1:${port}${path}`, { rejectUnauthorized: false });
  await session.ready;
  return session;
}

/** Reads a stream to its end; resolves once something has come. */
function readAll(stream, take) {
  return new Promise((resolve, reject) => {
    read(stream, (bytes) => {
      take(Buffer.from(bytes).toString());
      resolve();
    }).catch(reject);
  });
}

async function read(stream, take) {
  for await (const bytes of stream) take(bytes);
}
