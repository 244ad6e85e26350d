import { AGAIN_MS, repeat } from './by-hand.ts';
import type { Technique } from './client.ts';
import { lineTaker } from './items.ts';
import { readStream } from './stream.ts';

export const httpStreaming: Technique = {
  name: 'http-streaming',
  how: '`fetch` of NDJSON, again a second after its end, with `?after=`',
  read(reading) {
    const { reception } = reading;
    let after = 'start';
    void repeat(reading, async () => {
      const take = lineTaker(reception, (position) => (after = position));
      await readStream(reading, `?after=${after}`, { accept: 'application/x-ndjson' }, take);
      reception.say('the stream ended');
      return AGAIN_MS;
    });
  },
};
