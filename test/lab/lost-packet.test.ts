import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName, LossRun } from '../../src/lab/lost-packet/loss.ts';
import { measureLoss } from '../../src/lab/lost-packet/measure-loss.ts';

/** Messages of these channels that were published since the packet went missing, and came before it did. */
function cameMeanwhile({ passed, missing }: LossRun, ...channels: ChannelName[]): number {
  return passed.filter(
    ({ channel, publishedMs, arrivedMs }) =>
      channels.includes(channel) && publishedMs >= missing.from && arrivedMs < missing.to,
  ).length;
}

test('a packet that is missing holds up all streams of HTTP/2, and of QUIC the one that it belongs to', async () => {
  let loss = await measureLoss();
  // On a busy machine nothing may get through while the packet is missing.
  for (let again = 0; again < 3 && loss.quic && cameMeanwhile(loss.quic, 'b', 'c') === 0; again++) {
    loss = await measureLoss();
  }
  const { http2, quic } = loss;
  assert.equal(cameMeanwhile(http2, 'a', 'b', 'c'), 0);
  assert.ok(quic);
  assert.equal(cameMeanwhile(quic, 'a'), 0);
  assert.ok(cameMeanwhile(quic, 'b', 'c') > 0);
  for (const { passed, missing } of [http2, quic]) {
    // The one that was lost came, and so did all behind it.
    const lost = passed.find(({ channel, publishedMs }) => channel === 'a' && publishedMs >= missing.from);
    assert.ok(lost && lost.arrivedMs >= missing.to);
    assert.deepEqual(
      ['a', 'b', 'c'].filter((name) => !passed.some(({ channel }) => channel === name)),
      [],
    );
  }
});
