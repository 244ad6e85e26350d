import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageItem } from '../../log/log.ts';
import { deflated } from './deflate.ts';
import { channelFormat, textFormat } from './format.ts';

const RSV1 = 0x40;

function message(text: string): PageItem {
  const payload = { kind: 'text', text } as const;
  return {
    kind: 'message',
    message: { epoch: 'e', sequence: 1, channel: 'a', type: undefined, time: 0, payload },
  };
}

test('there is one format for all who agreed on a threshold: what they get is made once', () => {
  assert.equal(deflated(textFormat, 100), deflated(textFormat, 100));
  assert.notEqual(deflated(textFormat, 100), deflated(textFormat, 101));
  assert.notEqual(deflated(textFormat, 100), deflated(channelFormat, 100));
});

test('what is too large to be compressed within a tick is sent as it is', () => {
  for (const [length, bit] of [
    [200 * 1024, RSV1],
    [300 * 1024, 0],
  ] as const) {
    assert.equal(deflated(textFormat, 0).encode(message('x'.repeat(length)))[0]! & RSV1, bit);
  }
});
