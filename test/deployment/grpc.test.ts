import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { Hub, toFanwireError } from '../../src/grpc/index.ts';
import { certificateOf } from '../../src/server/tls/certificate-of.ts';
import { readEvents } from '../grpc/support/events.ts';
import { bytesOf, startGrpcHub, textOf } from '../grpc/support/grpc-hub.ts';
import { makeDirectory } from '../support/directory.ts';
import { nginxCommand, nginxScratch } from '../support/nginx.ts';
import { startWebProxy } from '../support/web-proxy.ts';

test('gRPC passes nginx as its file has it: calls of each kind, errors with their details, and silence', async (t) => {
  const { hub, port } = await startGrpcHub(t, { heartbeatMs: 1000 });
  const files = await makeDirectory(t);
  const [pem, key] = [join(files, 'hub.pem'), join(files, 'hub.key')];
  const { pair } = certificateOf('self-signed', () => {});
  writeFileSync(pem, pair.cert);
  writeFileSync(key, pair.key);
  const at = await startWebProxy(
    t,
    {
      name: 'nginx',
      config: 'deploy/nginx-grpc.conf',
      changes: ({ port, hubPort, directory }) => [
        [/listen 443/, `listen 127.0.0.1:${port}`],
        [/127\.0\.0\.1:8080/, `127.0.0.1:${hubPort}`],
        [/\/etc\/ssl\/hub\.pem/, pem],
        [/\/etc\/ssl\/hub\.key/, key],
        [/grpc_read_timeout 60s/, 'grpc_read_timeout 5s'],
        [/http \{/, `http { ${nginxScratch(directory)}`],
      ],
      command: nginxCommand,
    },
    port,
  );
  const client = createClient(
    Hub,
    createGrpcTransport({
      baseUrl: `https://127.0.0.1:${at}`,
      nodeOptions: { rejectUnauthorized: false },
    }),
  );
  const events = readEvents((signal) => client.subscribe({ channels: ['a'] }, { signal }));
  const start = await events.heartbeat();
  // Longer than nginx waits for what it reads.
  for (let beats = 0; beats < 6; beats++) assert.equal(await events.heartbeat(), start);
  await client.publish({ channel: 'a', data: bytesOf(1) });
  assert.equal(textOf((await events.message()).data), '1');
  async function* three() {
    for (let value = 2; value < 5; value++) yield { channel: 'a', data: bytesOf(value) };
  }
  assert.equal((await client.publishStream(three())).published, 3n);
  for (const text of ['2', '3', '4']) assert.equal(textOf((await events.message()).data), text);
  const refused = await client.read({ channels: ['no name'] }).catch((error) => error);
  assert.equal(ConnectError.from(refused).code, Code.InvalidArgument);
  assert.equal(toFanwireError(refused)?.code, 'invalid_channel');
  events.cancel();
  while (hub.connections().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});
