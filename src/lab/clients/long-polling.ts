import { atPace, LIFE } from '../pace.ts';
import { repeat } from './by-hand.ts';
import type { Technique } from './client.ts';
import { readPage } from './page.ts';

export const longPolling: Technique = {
  name: 'long-polling',
  how: `\`fetch\` with \`Prefer: wait=${LIFE.parked}\`, again at once, given up after ${LIFE.parked + LIFE.parkedMargin} s, a second's wait after a failure`,
  read(reading) {
    const parkedMs = atPace(LIFE.parked, reading.pace);
    const withinMs = parkedMs + atPace(LIFE.parkedMargin, reading.pace);
    const headers = { prefer: `wait=${Math.round(parkedMs / 1000)}` };
    let after = 'start';
    void repeat(reading, async () => {
      after = (await readPage(reading, after, headers, withinMs)).position;
      return 0;
    });
  },
};
