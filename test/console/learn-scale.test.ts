import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../../src/client/index.ts';
import {
  CLUSTER_CHANNEL,
  type ClusterReport,
  clusterPath,
  SERVED_BY,
  type Target,
} from '../../src/console/cluster/cluster-report.ts';
import { NODE_NAMES } from '../../src/lab/cluster/cluster.ts';
import { startServe } from '../support/cli.ts';
import { send } from '../support/http.ts';
import { until } from './support/operate.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, SERVER_GONE, shifted, watchShifts } from './support/tab.ts';

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A node that is killed is asked once more by whoever has not heard of it, and the hub says so. */
const NODE_GONE = new RegExp(`${SERVER_GONE.source}|status of 503`);

test('scale: a message crosses from node to node, a client goes on at the other when its own is killed, and any node answers', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, 'about:blank', { expected: NODE_GONE });
  await watchShifts(tab);
  await tab.setViewportSize({ width: 360, height: 740 });
  await tab.goto(`${url}/learn/scale`);
  const now = (says: RegExp) => tab.locator('.now').getByText(says);
  const reads = (says: RegExp) => tab.locator('.read').getByText(says).first().waitFor();
  const node = (name: string) => tab.getByRole('group', { name: `Node ${name}`, exact: true });

  const told = await now(/^The client is at node [AB]: pull the plug of [AB]\.$/).textContent();
  const [at, other] = told!.includes('node A') ? ['A', 'B'] : ['B', 'A'];
  await reads(
    new RegExp(`^It crossed from ${other} through the log to ${at} in \\d+\\.\\d\\d of \\d+\\.\\d ms`),
  );
  // All at one moment: each second another message is on its way.
  const shown = await tab.waitForFunction(() => {
    const steps = [...document.querySelectorAll('.way-ms')].map(({ textContent }) => textContent!);
    const note = document.querySelector('.way .note')!.textContent!;
    return steps.every((each) => each.endsWith(' ms')) && { steps, note };
  });
  const { steps, note } = (await shown.jsonValue()) as { steps: string[]; note: string };
  const total = Number.parseFloat(note);
  assert.ok(steps.every((each) => /^(≈ )?\d+\.\d\d ms$/.test(each)) && total > 0, `${steps}, ${total}`);

  const words = await node(at!)
    .getByText(/process \d+, port \d+/)
    .textContent();
  const pid = Number(/process (\d+)/.exec(words!)![1]);
  assert.ok(runs(pid));
  await node(at!).getByRole('button', { name: 'Pull its plug' }).press('Enter');
  await now(
    new RegExp(
      `^Node ${at} was killed\\. .* at node ${other} .* after \\w+\\.\\d+\\. .*: nothing is missing\\.$`,
    ),
  ).waitFor();
  assert.ok(!runs(pid));
  await node(at!).getByRole('button', { name: 'Start it again' }).press('Enter');
  await node(at!)
    .getByText(/process \d+, port \d+/)
    .waitFor();

  await tab.getByRole('radio', { name: 'Long polling' }).check();
  await reads(/^Of this client’s requests A answered ([2-9]|\d\d+) and B ([2-9]|\d\d+), /);
  await tab.waitForFunction(() => {
    const [sent, came, twice, gaps] = document.querySelector('.counts')!.textContent!.match(/\d+/g)!;
    return Number(sent) > 2 && sent === came && twice === '0' && gaps === '0';
  });
  assert.ok((await overflow(tab)) <= 0);
  assert.ok((await shifted(tab)) < 0.02, `layout shift of ${await shifted(tab)}`);
  await keepScreenshots(tab, 'learn-scale');
});

test('the cluster: what it may be asked is bounded, only its readers know where it is, and it ends with its hub', async (t) => {
  const { url, process: hub } = await startServe(t, [], {
    FANWIRE_SECRET: 'a-secret-of-thirty-two-characters!',
    FANWIRE_OPERATOR_TOKEN: 'operator-token-of-the-test',
  });
  const stranger = connect(url);
  t.after(() => stranger.close());
  await assert.rejects(stranger.request('console:cluster'));
  const operator = connect(url, { token: 'operator-token-of-the-test' });
  t.after(() => operator.close());
  const reports: Extract<ClusterReport, { kind: 'nodes' }>[] = [];
  operator.subscribe<ClusterReport>(CLUSTER_CHANNEL, ({ data }) => {
    if (data.kind === 'nodes') reports.push(data);
  });
  const { id } = await operator.request<{ id: string }>('console:cluster', {}, { timeoutMs: 30_000 });
  await until(() => reports.length > 0);
  const at = (target: Target, rest: string) => `${url}${clusterPath(id, target)}${rest}`;
  const post = (body: string) =>
    send(at('b', '/channels/demo'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer nothing' },
      body,
    });

  const posted = await post('{"nth":1}');
  assert.equal(posted.status, 201);
  const read = await send(at('a', '/channels/demo'));
  assert.deepEqual((read.json() as { messages: { data: unknown }[] }).messages[0]!.data, { nth: 1 });
  const turns = [await send(at('any', '/channels/demo')), await send(at('any', '/channels/demo'))];
  assert.deepEqual(turns.map(({ headers }) => headers[SERVED_BY.toLowerCase()]).sort(), ['a', 'b']);

  assert.equal((await post(`"${'x'.repeat(5000)}"`)).status, 413);
  assert.equal((await send(at('a', '/channels/other'))).status, 403);
  assert.equal((await send(`${url}${clusterPath('another', 'a')}/channels/demo`)).status, 404);
  await assert.rejects(operator.request('console:cluster:kill', { node: 'c' }), /expected one of a, b/);

  const pids = NODE_NAMES.map((name) => {
    const state = reports.at(-1)!.nodes[name];
    return state.state === 'up' ? state.pid : Number.NaN;
  });
  assert.ok(pids.every(runs));
  await operator.request('console:cluster:kill', { node: 'a' });
  await until(() => reports.at(-1)!.nodes.a.state === 'down');
  assert.equal((await send(at('a', '/channels/demo'))).status, 503);
  assert.equal((await send(at('any', '/channels/demo'))).status, 200);
  hub.kill('SIGKILL');
  await until(() => !pids.some(runs));
});
