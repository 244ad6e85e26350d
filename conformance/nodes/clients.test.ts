import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { publicId } from '../../src/hub/presence/public-id.ts';
import { connectSdk } from '../../test/hub/support/sdk.ts';
import { ENGINES } from './engines.ts';
import { ask, type RunningNode, startNodes } from './support.ts';

const ADA = 'ada-and-her-tab';
const BOB = 'bob-and-his-tab';
const CLEO = 'cleo-and-her-tab';

for (const engine of ENGINES.filter(({ roster }) => roster)) {
  test(`${engine.name}: a client connects once and disconnects once over nodes, one of which dies`, async (t) => {
    const { port } = await engine.start(t);
    const nodes = await startNodes(t, engine, [port, port, port]);
    const [dying, one, two] = nodes as [RunningNode, RunningNode, RunningNode];
    /** What the hooks of all nodes have published. */
    const told = async (): Promise<string[]> => {
      const { messages } = await ask(`${two.url}/channels/clients?after=start`);
      return messages.map(({ data }: { data: string }) => data);
    };
    const untilTold = async (event: string, client: string) => {
      while (!(await told()).includes(`${event} ${publicId(client, undefined)}`)) await delay(50);
    };
    for (const client of [ADA, BOB]) {
      await connectSdk(t, dying.url, { client });
      await untilTold('connect', client);
    }

    await dying.kill();
    // Bob's client finds another node, and Ada's does not come back.
    const moved = await connectSdk(t, one.url, { client: BOB });
    await untilTold('disconnect', ADA);
    moved.send({ bye: true });
    await untilTold('disconnect', BOB);
    // With a goodbye a node looks at once for all who have gone: both nodes that are left have done so once more.
    for (const [index, node] of [one, two].entries()) {
      const cleo = await connectSdk(t, node.url, { client: `${CLEO}-${index}` });
      cleo.send({ bye: true });
      await untilTold('disconnect', `${CLEO}-${index}`);
    }
    const [ada, bob] = [ADA, BOB].map((client) => publicId(client, undefined));
    assert.deepEqual(
      (await told()).filter((event) => event.endsWith(ada!) || event.endsWith(bob!)),
      [`connect ${ada}`, `connect ${bob}`, `disconnect ${ada}`, `disconnect ${bob}`],
    );
  });
}
