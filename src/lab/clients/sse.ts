import { createEventStreamReader } from '../../wire/sse-reader.ts';
import { repeat, sentenceOf } from './by-hand.ts';
import type { Technique } from './client.ts';
import { readStream } from './stream.ts';

/** Chromium's, until the hub says otherwise by `retry:`. */
const RETRY_MS = 3000;

export const sse: Technique = {
  name: 'sse',
  how: 'what an `EventSource` does: comes back after the `retry:` that the hub names, 2 s, with `Last-Event-ID`',
  read(reading) {
    const { reception } = reading;
    let lastId: string | undefined;
    let retryMs = RETRY_MS;
    void repeat(reading, async () => {
      const read = createEventStreamReader(
        ({ id, type, data }) => {
          lastId = id;
          if (type === 'message') reception.message(JSON.parse(data));
          if (type === 'gap') reception.gap();
        },
        (delayMs) => (retryMs = delayMs),
      );
      const headers = { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
      try {
        await readStream(reading, '?after=start', headers, read);
        reception.say('the stream ended');
      } catch (error) {
        if (!reading.signal.aborted) reception.say(sentenceOf(error));
      }
      return retryMs;
    });
  },
};
