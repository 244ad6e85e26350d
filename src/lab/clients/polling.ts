import { atPace, LIFE } from '../pace.ts';
import { repeat } from './by-hand.ts';
import type { Technique } from './client.ts';
import { readPage } from './page.ts';

const ANSWER_MS = 5000;

export const polling: Technique = {
  name: 'polling',
  how: `\`fetch\` each ${LIFE.poll} s, with \`?after=\``,
  read(reading) {
    let after = 'start';
    void repeat(reading, async () => {
      const { position, more } = await readPage(reading, after, {}, ANSWER_MS);
      after = position;
      return more ? 0 : atPace(LIFE.poll, reading.pace);
    });
  },
};
