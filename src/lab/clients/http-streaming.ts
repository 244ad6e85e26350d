import { createLineReader } from '../../wire/ndjson-reader.ts';
import { AGAIN_MS, repeat } from './by-hand.ts';
import type { Technique } from './client.ts';
import { readStream } from './stream.ts';

const MAX_LINE_LENGTH = 1024 * 1024;

export const httpStreaming: Technique = {
  name: 'http-streaming',
  how: '`fetch` of NDJSON, again a second after its end, with `?after=`',
  read(reading) {
    const { reception } = reading;
    let after = 'start';
    void repeat(reading, async () => {
      const utf8 = new TextDecoder();
      const lines = createLineReader((line) => {
        const item = JSON.parse(line);
        if (item.gap) reception.gap();
        if (item.id === undefined) return;
        after = item.id;
        reception.message(item.data);
      }, MAX_LINE_LENGTH);
      await readStream(reading, `?after=${after}`, { accept: 'application/x-ndjson' }, (chunk) =>
        lines(utf8.decode(chunk, { stream: true })),
      );
      reception.say('the stream ended');
      return AGAIN_MS;
    });
  },
};
