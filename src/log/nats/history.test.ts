import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredMessage } from '../message.ts';
import type { ChannelReader } from './channel-reader.ts';
import { History } from './history.ts';
import type { Milestones } from './milestones.ts';
import type { Stream } from './stream.ts';

const EPOCH = 'e';
const PLENTY = { messages: 100, bytes: 1_000_000 };

/** A stream of messages on channel `a`; `during` happens while it is read, as on a busy connection. */
function historyOf(stored: number[], during: (milestones: { newest: number }) => void): History {
  const milestones = { newest: 0, dropped: async () => 0 };
  const newest = () => stored.at(-1) ?? 0;
  const stream = { epoch: EPOCH, highest: 1000, lastSequence: async () => newest() };
  const reader = {
    async newest() {
      const found = newest();
      during(milestones);
      return found;
    },
    async read(channel: string, after: number) {
      const messages = stored
        .filter((sequence) => sequence > after)
        .map(
          (sequence) =>
            ({ channel, sequence, epoch: EPOCH, payload: { kind: 'text', text: '' } }) as StoredMessage,
        );
      const stretch = { channel, newest: newest(), messages, removed: undefined };
      during(milestones);
      return stretch;
    },
  };
  return new History(
    stream as unknown as Stream,
    milestones as unknown as Milestones,
    reader as unknown as ChannelReader,
    () => {},
  );
}

for (const channels of [['a'], ['a', 'b']]) {
  test(`a milestone set while ${channels} is read moves no position past what was stored meanwhile`, async () => {
    const stored = [1, 2];
    const history = historyOf(stored, (milestones) => {
      if (stored.length > 2) return;
      stored.push(3);
      milestones.newest = 4;
    });
    const after = { kind: 'after', position: { epoch: EPOCH, sequence: 1 } } as const;
    const page = await history.read(channels, after, PLENTY);
    assert.equal(page.position.sequence, 2);
  });
}

test('a milestone set while the newest is asked for is not what a reader from now on begins after', async () => {
  const history = historyOf([1, 2], (milestones) => {
    milestones.newest = 4;
  });
  assert.equal((await history.read(['a'], { kind: 'now' }, PLENTY)).position.sequence, 2);
});
