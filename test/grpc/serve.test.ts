import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { Hub } from '../../src/grpc/index.ts';
import { startServe } from '../support/cli.ts';
import { bytesOf } from './support/grpc-hub.ts';

for (const [name, ...args] of [['cleartext'], ['TLS', '--tls', 'self-signed']]) {
  test(`fanwire serve --grpc answers on the hub's own port, over ${name}`, async (t) => {
    const { url } = await startServe(t, ['--grpc', ...args]);
    const client = createClient(
      Hub,
      createGrpcTransport({ baseUrl: url, nodeOptions: { rejectUnauthorized: false } }),
    );
    const { id } = await client.publish({ channel: 'scores', data: bytesOf({ home: 1 }) });
    assert.equal((await client.read({ channels: ['scores'] })).position, id);
  });
}
