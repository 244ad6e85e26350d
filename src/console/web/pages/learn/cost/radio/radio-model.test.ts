import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldUse, pollUse, type RadioPlan, type RadioUse } from './radio-model.ts';

const PLAN: RadioPlan = {
  messagesAMinute: 4,
  heartbeatSeconds: 25,
  pollSeconds: 30,
  conflateSeconds: 0,
  tailSeconds: 10,
};

/** The same by following the radio of one client for many messages. */
function followed(plan: RadioPlan): RadioUse {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let [time, awake, wakeUps] = [0, 0, 0];
  for (let nth = 0; nth < 200_000; nth++) {
    const message = plan.conflateSeconds - Math.log(random()) / (plan.messagesAMinute / 60);
    const silence = Math.min(message, plan.heartbeatSeconds);
    time += silence;
    awake += Math.min(silence, plan.tailSeconds);
    if (silence > plan.tailSeconds) wakeUps += 1;
  }
  return { wakeUpsAMinute: wakeUps / (time / 60), awake: awake / time };
}

test('a held connection wakes the radio as often as following one shows', () => {
  for (const plan of [
    PLAN,
    { ...PLAN, messagesAMinute: 1 },
    { ...PLAN, conflateSeconds: 7 },
    { ...PLAN, conflateSeconds: 20, heartbeatSeconds: 60 },
    { ...PLAN, heartbeatSeconds: 9 },
  ]) {
    const worked = heldUse(plan);
    const seen = followed(plan);
    assert.ok(
      Math.abs(worked.wakeUpsAMinute - seen.wakeUpsAMinute) < 0.02,
      JSON.stringify({ plan, worked, seen }),
    );
    assert.ok(Math.abs(worked.awake - seen.awake) < 0.01, JSON.stringify({ plan, worked, seen }));
  }
});

test('without messages only heartbeats wake it, and one within the tail keeps it awake', () => {
  const idle = { ...PLAN, messagesAMinute: 0 };
  assert.deepEqual(heldUse(idle), { wakeUpsAMinute: 60 / 25, awake: 10 / 25 });
  assert.deepEqual(heldUse({ ...idle, heartbeatSeconds: 8 }), { wakeUpsAMinute: 0, awake: 1 });
});

test('polls wake it each time, or keep it awake', () => {
  assert.deepEqual(pollUse(PLAN), { wakeUpsAMinute: 2, awake: 1 / 3 });
  assert.deepEqual(pollUse({ ...PLAN, pollSeconds: 5 }), { wakeUpsAMinute: 0, awake: 1 });
});
