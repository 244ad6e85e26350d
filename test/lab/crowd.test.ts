import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_PARKED, MAX_SPREAD_MS } from '../../src/lab/crowd/bounds.ts';
import { Crowd, type CrowdState, type Herd } from '../../src/lab/crowd/crowd.ts';

test('a crowd is parked, asks again when it is answered, and leaves no process behind', async (t) => {
  const states: CrowdState[] = [];
  const crowd = await new Promise<{ herd: Herd; crowd: Crowd }>((resolve, reject) => {
    const crowd = new Crowd({
      changed(state) {
        states.push(state);
        // No more than one publish is under way, and none spreads for longer than the bound.
        if (state === 'parked') {
          assert.ok(crowd.stampede(10 * MAX_SPREAD_MS));
          assert.ok(!crowd.stampede(0));
        }
      },
      read: ({ heldBytes, rssBytes }) => assert.ok(heldBytes > 1e6 && rssBytes > heldBytes),
      stampeded: (herd) => resolve({ herd, crowd }),
      failed: (detail) => reject(new Error(detail)),
    });
    t.after(() => crowd.end());
    assert.ok(!crowd.stampede(0), 'nobody is parked yet');
  });
  const { spreadMs, steps, stepMs, answeredMs } = crowd.herd;
  assert.equal(spreadMs, MAX_SPREAD_MS);
  assert.equal(
    steps.reduce((sum, count) => sum + count, 0),
    MAX_PARKED,
  );
  // Of a thousand random times in 5 s the last is late.
  assert.ok(steps.length * stepMs > MAX_SPREAD_MS * 0.9, `${steps.length} steps`);
  assert.ok(answeredMs > 0);
  crowd.crowd.end();
  await crowd.crowd.ended();
  assert.deepEqual(states, ['parking', 'parked', 'herd', 'parking', 'ended']);
});
