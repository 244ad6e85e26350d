import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePosition } from '../../src/protocol/position.ts';
import { publishAll, startHub } from '../../test/support/hub.ts';
import { type ReaderOptions, takeMessages } from '../../test/support/readers/reader.ts';
import { ALL_TRANSPORTS } from './transports.ts';

const HISTORY = [1, 2, 3, 4, 5];

interface Case {
  readonly promise: string;
  readonly start: (ids: readonly string[]) => Omit<ReaderOptions, 'channels'>;
  readonly gets: readonly number[];
}

const CASES: readonly Case[] = [
  { promise: 'from now gives only what follows', start: () => ({ after: 'now' }), gets: [] },
  { promise: 'from the start gives everything retained', start: () => ({ after: 'start' }), gets: HISTORY },
  { promise: 'the last two are the newest two', start: () => ({ last: 2 }), gets: [4, 5] },
  { promise: 'the last hundred of five are five', start: () => ({ last: 100 }), gets: HISTORY },
  { promise: 'after a position comes the rest', start: (ids) => ({ after: ids[2]! }), gets: [4, 5] },
  { promise: 'after the newest position comes nothing', start: (ids) => ({ after: ids[4]! }), gets: [] },
];

for (const { name, open } of ALL_TRANSPORTS) {
  for (const { promise, start, gets } of CASES) {
    test(`${name}: ${promise}, and then what is published`, async (t) => {
      const { hub, url } = await startHub(t);
      const ids = await publishAll(hub, 'scores', HISTORY);
      const reader = await open(url, { channels: ['scores'], ...start(ids) });
      await publishAll(hub, 'scores', [6, 7]);
      const messages = await takeMessages(reader, gets.length + 2);
      reader.close();
      assert.deepEqual(
        messages.map(({ data }) => data),
        [...gets, 6, 7],
      );
    });
  }

  test(`${name}: a channel that nobody has published to can be read from every start`, async (t) => {
    const { hub, url } = await startHub(t);
    const starts = [{ after: 'now' }, { after: 'start' }, { last: 3 }];
    const readers = await Promise.all(starts.map((start) => open(url, { channels: ['new'], ...start })));
    for (const { position } of readers) assert.ok(parsePosition(position), `it begins at “${position}”`);
    const { id } = await hub.publish('new', 'first');
    for (const reader of readers) {
      const [message] = await takeMessages(reader, 1);
      assert.equal(message?.id, id);
      reader.close();
    }
  });
}
