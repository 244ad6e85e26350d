import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drive, type DriveNews } from '../../src/lab/drive.ts';
import { loadBalancer } from '../../src/lab/networks/load-balancer.ts';
import { onEnd } from '../support/on-end.ts';

test('a drive: in a tunnel nothing passes and nothing is lost; a node is killed and comes back, and all clients go on', async (t) => {
  const drive = await Drive.open(loadBalancer, { pace: 5, tls: 'none' });
  onEnd(t, () => drive.close());
  const told: DriveNews[] = [];
  const until = async (holds: (news: DriveNews) => boolean) => {
    for (;;) {
      const news = drive.news();
      told.push(news);
      if (holds(news)) return news;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const published = () => told.reduce((sum, { published }) => sum + published.length, 0);
  const received = ({ lanes }: DriveNews) => lanes.map(({ received }) => received);
  const allHave = (count: number) => (news: DriveNews) => received(news).every((each) => each >= count);

  await until(allHave(2));
  const tunnel = drive.act({ kind: 'tunnel', seconds: 4 });
  const before = await until(() => true);
  const inside = await until(() => published() >= Math.max(...received(before)) + 2);
  assert.ok(inside.happenings.some(({ act, to }) => act.kind === 'tunnel' && to === undefined));
  // One may have been under way.
  assert.ok(received(inside).every((each, index) => each <= received(before)[index]! + 1));
  await tunnel;
  await until(allHave(published()));

  await drive.act({ kind: 'unplug' });
  assert.deepEqual((await until(allHave(published() + 2))).nodes, [false, true]);
  await drive.act({ kind: 'plug' });
  assert.deepEqual((await until(allHave(published() + 2))).nodes, [true, true]);
  await drive.act({ kind: 'change' });
  const last = await until(allHave(published() + 2));
  for (const { technique, passedOver, doubled } of last.lanes)
    assert.deepEqual([passedOver, doubled], [0, 0], technique);
  assert.deepEqual(
    last.happenings.map(({ act, to }) => [act.kind, typeof to]),
    ['tunnel', 'unplug', 'plug', 'change'].map((kind) => [kind, 'number']),
  );
  const said = told.flatMap(({ lanes }) => lanes[4]!.said.map(([, text]) => text));
  assert.ok(said.length > 0, 'the WebSocket was closed, and said so');
});
