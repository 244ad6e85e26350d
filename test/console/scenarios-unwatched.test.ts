import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Scenarios } from '../../src/console/scenarios.ts';
import { createHub } from '../../src/index.ts';

/** What a page asks of a scenario's server, where the answer is told, and what the answer holds. */
const ASKED = {
  'console:demo:notifications:reminders': {
    ask: { text: 'Look up' },
    answers: 'console:demo:notifications',
    holds: /"Look up"/,
  },
  'console:demo:ticker:orders': {
    ask: { symbol: 'ALPHA', side: 'Buy', at: 1 },
    answers: 'console:demo:ticker:fills',
    holds: /"Bought","price":"100\.00"/,
  },
} as const;

// A page that comes asks at once, and the hub looks for visitors some time later.
test('what is asked of a scenario is answered before the hub has seen that somebody watches', async (t) => {
  const { loadScenarios } = await import(
    new URL('dist/console/scenarios.js', pathToFileURL(`${process.cwd()}/`)).href
  );
  const scenarios: Scenarios = await loadScenarios({ add() {}, has: () => false });
  const hub = createHub({ channels: scenarios.channels });
  t.after(() => hub.close({ drainMs: 0 }));
  t.after(scenarios.start(hub));
  for (const [channel, { ask, answers, holds }] of Object.entries(ASKED)) {
    const answered = new Promise<unknown>((resolve) => {
      hub.subscribe(answers, ({ data }) => resolve(data));
    });
    await hub.publish(channel, ask);
    assert.match(JSON.stringify(await answered), holds, channel);
  }
});
