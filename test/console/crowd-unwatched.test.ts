import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { connect } from '../../src/client/index.ts';
import { CROWD_CHANNEL, type CrowdReport } from '../../src/console/crowd/crowd-report.ts';
import { openCrowd } from '../../src/console/crowd/crowd-server.ts';
import { createHub } from '../../src/index.ts';

test('a crowd lasts while somebody is there, and ends soon after nobody is', async (t) => {
  const crowd = openCrowd();
  const hub = createHub(crowd.options);
  t.after(() => hub.close({ drainMs: 0 }));
  const { url } = await hub.listen({ port: 0 });
  t.after(crowd.start(hub));
  const client = connect(url);
  t.after(() => client.close());
  // Those of the hub and of the client have begun, and go on.
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { id } = await client.request<{ id: string }>('console:crowd');
  const channel = CROWD_CHANNEL + id;
  let ended = false;
  hub.subscribe<CrowdReport>(channel, ({ data }) => {
    ended ||= data.kind === 'state' && data.state === 'ended';
  });
  await client.subscribe(channel, { presence: {}, onMessage() {} }).ready;
  while ((await hub.presence(channel)).length === 0) await turn();
  const pass = async (seconds: number) => {
    for (let nth = 0; nth < seconds; nth++) {
      t.mock.timers.tick(1000);
      // The hub has answered who is there, and told what became of it.
      await turn();
      await turn();
    }
  };
  await pass(60);
  assert.equal(ended, false);
  client.close();
  while ((await hub.presence(channel)).length > 0) await turn();
  // Kept for a while, for those who only reload.
  await pass(9);
  assert.equal(ended, false);
  await pass(3);
  assert.equal(ended, true);
});
