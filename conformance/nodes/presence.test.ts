import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connectSdk, type SdkSocket } from '../../test/hub/support/sdk.ts';
import { send } from '../../test/support/http.ts';
import { ENGINES } from './engines.ts';
import { ask, OUTAGE_MS, type RunningNode, startNodes } from './support.ts';

/** Joins again while the log can't tell of it. */
async function joinRoom(sdk: SdkSocket, presence: string): Promise<void> {
  let ref = 0;
  await until(async () => 'ok' in (await sdk.ask({ ref: ++ref, subscribe: { channel: 'room', presence } })));
}

async function membersOn({ url }: RunningNode): Promise<unknown[]> {
  const { members } = await ask(`${url}/channels/room/presence`);
  return members.map(({ data }: { data: unknown }) => data);
}

/** Everything that was told, in order. */
async function changesOn({ url }: RunningNode): Promise<string[]> {
  const { messages } = await ask(`${url}/channels/room:presence?after=start`);
  return messages.map(({ type, data }: { type: string; data: { data: unknown } }) => `${type} ${data.data}`);
}

/** Somebody joins on a node and is gone without a goodbye; resolves once another node has missed her. */
async function comeAndGo(t: TestContext, on: RunningNode, seenOn: RunningNode): Promise<void> {
  const cleo = await connectSdk(t, on.url, { client: 'cleo-and-her-tab' });
  await joinRoom(cleo, 'cleo');
  cleo.socket.terminate();
  await until(async () => (await changesOn(seenOn)).includes('leave cleo'));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(50);
}

for (const engine of ENGINES.filter(({ roster }) => roster)) {
  test(`${engine.name}: members are known on every node, and going to another one is no change`, async (t) => {
    const { port } = await engine.start(t);
    const [one, two, three] = (await startNodes(t, engine, [port, port, port])) as [
      RunningNode,
      RunningNode,
      RunningNode,
    ];
    const ada = await connectSdk(t, one.url, { client: 'ada-and-her-tab' });
    await joinRoom(ada, 'ada');
    for (const node of [one, two, three]) await until(async () => (await changesOn(node)).length === 1);

    ada.socket.terminate();
    const moved = await connectSdk(t, two.url, { client: 'ada-and-her-tab' });
    await joinRoom(moved, 'ada');
    // Who leaves the same node after her and lingers as long is missed after she would have been.
    await comeAndGo(t, one, three);
    assert.deepEqual(await membersOn(three), ['ada']);
    assert.deepEqual(await changesOn(three), ['join ada', 'join cleo', 'leave cleo']);
    moved.send({ bye: true });
    await until(async () => (await changesOn(one)).length === 4);
    assert.equal((await changesOn(one)).at(-1), 'leave ada');
    for (const node of [one, two, three]) assert.deepEqual(await membersOn(node), []);
  });

  test(`${engine.name}: the members of a node that dies leave, once`, async (t) => {
    const { port } = await engine.start(t);
    const nodes = await startNodes(t, engine, [port, port, port]);
    const [dying, alive, other] = nodes as [RunningNode, RunningNode, RunningNode];
    const ada = await connectSdk(t, dying.url, { client: 'ada-and-her-tab' });
    await joinRoom(ada, 'ada');
    const bob = await connectSdk(t, alive.url, { client: 'bob-and-his-tab' });
    await joinRoom(bob, 'bob');
    await until(async () => (await changesOn(other)).length === 2);
    await until(async () => (await other.occupancy('room')) === 2);

    await dying.kill();
    await until(async () => (await changesOn(alive)).length > 2);
    assert.deepEqual(await membersOn(other), ['bob']);
    await until(async () => (await other.occupancy('room')) === 1);
    // Until this one is missed, both nodes that are left have looked more than once for those who have gone.
    await comeAndGo(t, other, alive);
    assert.deepEqual((await changesOn(alive)).slice(2), ['leave ada', 'join cleo', 'leave cleo']);
  });

  test(`${engine.name}: an outage of the engine makes nobody leave`, async (t) => {
    const running = await engine.start(t);
    const nodes = await startNodes(t, engine, [running.port, running.port], OUTAGE_MS);
    const [one, two] = nodes as [RunningNode, RunningNode];
    const ada = await connectSdk(t, one.url, { client: 'ada-and-her-tab' });
    await joinRoom(ada, 'ada');
    // What is not told by then is told after the outage, and cleo's join may stand before it.
    await until(async () => (await changesOn(two)).length === 1);
    running.freeze();
    // Longer than a lease.
    await delay(6500);
    running.thaw();
    await until(async () => (await send(`${two.url}/healthz`)).status === 200);
    await comeAndGo(t, one, two);
    assert.deepEqual(await membersOn(two), ['ada']);
    assert.deepEqual(await changesOn(two), ['join ada', 'join cleo', 'leave cleo']);
  });
}
