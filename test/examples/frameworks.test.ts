import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { post, send } from '../support/http.ts';
import { takeMessages } from '../support/readers/reader.ts';
import { openSse } from '../support/readers/sse.ts';
import {
  type Application,
  assertEnds,
  assertEndsConnected,
  assertServes,
  startApplication,
} from './application.ts';

const TIMEOUT = { timeout: 100_000 };
/** Below the URL of its server. */
const HUB = '/realtime';

/** Starts what `npm test` has built. */
async function start(t: TestContext, name: string, ...args: [string, ...string[]]): Promise<Application> {
  const env = { PORT: String(await freePort()), HOST: '127.0.0.1', NEXT_TELEMETRY_DISABLED: '1' };
  return startApplication(t, [process.execPath, ...args], { cwd: folderOf(name), env });
}

const folderOf = (name: string) => resolve('.build/examples', name);

const NEXT = 'node_modules/next/dist/bin/next';

const STARTED: Readonly<Record<string, [name: string, ...args: [string, ...string[]]]>> = {
  'next, in a route handler,': ['next', NEXT, 'start', '-H', '127.0.0.1'],
  'next, in a server of its own,': ['next', 'server.mjs'],
  sveltekit: ['sveltekit', 'build'],
};

for (const [title, [name, ...args]] of Object.entries(STARTED)) {
  test(`examples/servers/${title} serves its own routes and the hub on one port`, TIMEOUT, async (t) => {
    const application = await start(t, name, ...args);
    await assertServes(application, { basePath: HUB, webSocket: args[0] === 'server.mjs' });
    assert.match((await send(application.url)).text, /Nobody has come yet|Visitors: 0/);
    // The frameworks' own servers are theirs: SvelteKit's waits half a minute for such a connection, Next's without end.
    if (args[0] === 'server.mjs') await assertEndsConnected(application);
    // `next start` says so of the signal that ended it.
    else await assertEnds(application, args.includes('start') ? 143 : 0);
  });
}

test('a reader goes on reading while Next loads the hub’s module anew', TIMEOUT, async (t) => {
  const { url } = await start(t, 'next', NEXT, 'dev', '-H', '127.0.0.1');
  const reader = await openSse(url + HUB, { channels: ['scores'] });
  assert.equal((await post(url + HUB, 'scores', 1)).status, 201);
  const file = join(folderOf('next'), 'hub.mjs');
  const source = readFileSync(file, 'utf8');
  t.after(() => writeFileSync(file, source));
  writeFileSync(file, `${source}\nexport const changed = true;\n`);
  // A route that Next has not built yet, so that it is built with the change.
  assert.equal((await send(`${url}/hello`)).status, 200);
  assert.equal((await post(url + HUB, 'scores', 2)).status, 201);
  const messages = await takeMessages(reader, 2);
  reader.close();
  assert.deepEqual(
    messages.map(({ data }) => data),
    [1, 2],
  );
});

for (const name of ['next', 'sveltekit']) {
  test(`the example for ${name} is tried with the packages that it names`, () => {
    const of = (folder: string) =>
      JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies;
    const { fanwire: _, ...named } = of(join('examples/servers', name));
    assert.deepEqual(of(join('test/examples/versions', name)), named);
  });
}
