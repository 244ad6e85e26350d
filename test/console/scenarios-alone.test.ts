import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { assertEndsConnected, startApplication } from '../examples/application.ts';
import { NAMES, SIGNS, stage } from './support/scenario-tab.ts';
import { openTab, overflow } from './support/tab.ts';

test('run.mjs runs each scenario alone', async (t) => {
  for (const name of NAMES) {
    const alone = await startApplication(t, [process.execPath, 'examples/scenarios/run.mjs', name]);
    const tab = await openTab(t, alone.url);
    await stage(tab).getByText(SIGNS[name]!).first().waitFor();
    assert.ok((await overflow(tab)) <= 0, `${name}: ${await overflow(tab)} pixels too wide`);
    await tab.close();
    await assertEndsConnected(alone);
  }
});

test('run.mjs says what it takes when there is no such scenario', async () => {
  const child = spawn(process.execPath, ['examples/scenarios/run.mjs', '../servers']);
  const ended = once(child, 'exit');
  const [said] = (await once(child.stderr, 'data')) as [Buffer];
  assert.match(said.toString(), /run\.mjs NAME/);
  assert.deepEqual(await ended, [2, null]);
});
