import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import { grpc, toFanwireError } from '../../src/grpc/index.ts';
import { bearer, Members, startRooms, untilOpen } from '../hub/support/rights.ts';
import { readEvents } from './support/events.ts';
import { bytesOf, CLIENTS, openClient, textOf } from './support/grpc-hub.ts';

for (const kind of Object.keys(CLIENTS)) {
  test(`${kind}: who loses a room is told, who keeps it reads on, and who has none is refused`, async (t) => {
    const members = new Members('lobby ada', 'lobby bob');
    const { hub, url } = await startRooms(t, members, { endpoints: [grpc()] });
    const client = openClient(t, url, kind);
    const read = async (subject: string) => {
      const headers = await bearer(subject);
      return readEvents((signal) => client.subscribe({ channels: ['room.lobby'] }, { headers, signal }));
    };
    const [ada, bob, eve] = await Promise.all(['ada', 'bob', 'eve'].map(read));
    assert.equal(ConnectError.from(await eve!.end()).code, Code.PermissionDenied);
    await Promise.all([ada!.heartbeat(), bob!.heartbeat()]);
    await untilOpen(hub, 2);
    members.remove('lobby ada');
    await hub.recheck({ channel: 'room.lobby' });
    const ended = await ada!.end();
    assert.equal(ConnectError.from(ended).code, Code.PermissionDenied);
    assert.equal(toFanwireError(ended)?.code, 'forbidden');
    const data = bytesOf('for bob');
    await client.publish({ channel: 'room.lobby', data }, { headers: await bearer('bob') });
    assert.equal(textOf((await bob!.message()).data), '"for bob"');
    bob!.cancel();
    const refused = await client
      .publish({ channel: 'room.lobby', data }, { headers: await bearer('ada') })
      .catch((error: unknown) => error);
    assert.equal(ConnectError.from(refused).code, Code.PermissionDenied);
  });
}
