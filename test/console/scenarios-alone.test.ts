import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { NAMES, SIGNS, stage } from './support/scenario-tab.ts';
import { openTab, overflow } from './support/tab.ts';

/** Starts a scenario as its reader would; resolves once it has said where it listens. */
async function runAlone(
  t: TestContext,
  name: string,
): Promise<{ url: string; end: () => Promise<unknown[]> }> {
  const child = spawn(process.execPath, ['examples/scenarios/run.mjs', name], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url,
    end() {
      child.kill('SIGTERM');
      return once(child, 'exit');
    },
  };
}

test('run.mjs runs each scenario alone', async (t) => {
  for (const name of NAMES) {
    const { url, end } = await runAlone(t, name);
    const tab = await openTab(t, url);
    await stage(tab).getByText(SIGNS[name]!).first().waitFor();
    assert.ok((await overflow(tab)) <= 0, `${name}: ${await overflow(tab)} pixels too wide`);
    await tab.close();
    assert.deepEqual(await end(), [0, null], name);
  }
});

test('run.mjs says what it takes when there is no such scenario', async () => {
  const child = spawn(process.execPath, ['examples/scenarios/run.mjs', '../servers']);
  const [said] = (await once(child.stderr, 'data')) as [Buffer];
  assert.match(said.toString(), /run\.mjs NAME/);
  assert.deepEqual(await once(child, 'exit'), [2, null]);
});
