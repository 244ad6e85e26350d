import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanwireError } from '../protocol/errors.ts';
import { channelNames } from './channel-names.ts';
import { defineChannels } from './define-channels.ts';

const channels = defineChannels({ 'order-{id}.{part}': {}, 'any.*': {}, scores: {} });
const channel = channelNames<typeof channels>();

test('a channel is named by its pattern and what its parameters stand for', () => {
  assert.equal(channel('order-{id}.{part}', { id: 'A-1_', part: 'x' }), 'order-A-1_.x');
  assert.equal(channel('scores', {}), 'scores');
});

test('what no parameter stands for is refused, by its name', () => {
  for (const id of ['', 'a.b', 'a:b', 'a b', '{id}', '*', 'ä', undefined as unknown as string]) {
    assert.throws(
      () => channel('order-{id}.{part}', { id, part: 'x' }),
      (error) =>
        error instanceof FanwireError &&
        error.code === 'invalid_channel' &&
        /^id of order-/.test(error.message),
      id,
    );
  }
});
