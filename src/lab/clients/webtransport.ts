import { AGAIN_MS, repeat } from './by-hand.ts';
import type { Reading, Technique } from './client.ts';
import { lineTaker } from './items.ts';

export const webtransport: Technique = {
  name: 'webtransport',
  how: 'a session of `WebTransport`, another one a second after its end, with `?after=`',
  read(reading) {
    let after = 'start';
    void repeat(reading, async () => {
      await readSession(reading, after, (position) => (after = position));
      reading.reception.say('the session ended');
      return AGAIN_MS;
    });
  },
};

/** Resolves or rejects at its end. */
async function readSession(
  { url, channel, reception, certificateHash, signal }: Reading,
  after: string,
  reach: (position: string) => void,
): Promise<void> {
  const session = new WebTransport(`${url}/channels/${channel}?after=${after}`, {
    serverCertificateHashes: [{ algorithm: 'sha-256', value: certificateHash! }],
  });
  const end = () => session.close();
  signal.addEventListener('abort', end);
  try {
    // What the hub sends comes on one stream.
    const streams: ReadableStreamDefaultReader<ReadableStream<Uint8Array>> =
      session.incomingUnidirectionalStreams.getReader();
    const { value: stream } = await streams.read();
    const take = lineTaker(reception, reach);
    for await (const chunk of stream ?? []) take(chunk);
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}
