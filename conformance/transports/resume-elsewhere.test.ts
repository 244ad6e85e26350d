import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishAll, startHub } from '../../test/support/hub.ts';
import { takeMessages } from '../../test/support/readers/reader.ts';
import { ALL_TRANSPORTS } from './transports.ts';

for (const from of ALL_TRANSPORTS) {
  for (const to of ALL_TRANSPORTS) {
    test(`a position taken on ${from.name} resumes on ${to.name}`, async (t) => {
      const { hub, url } = await startHub(t);
      await publishAll(hub, 'scores', [1, 2, 3]);
      await publishAll(hub, 'other', ['a']);
      const first = await from.open(url, { channels: ['scores'], after: 'start' });
      await takeMessages(first, 2);
      const { position } = first;
      first.close();

      await publishAll(hub, 'scores', [4]);
      const second = await to.open(url, { channels: ['scores'], after: position });
      await publishAll(hub, 'scores', [5]);
      const messages = await takeMessages(second, 3);
      second.close();
      assert.deepEqual(
        messages.map(({ data }) => data),
        [3, 4, 5],
      );
    });
  }
}
