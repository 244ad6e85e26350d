import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { STACKS } from '../../src/console/web/pages/overview/stacks.ts';
import { startServe } from '../support/cli.ts';
import { freePort } from '../support/free-port.ts';
import { send } from '../support/http.ts';
import { onEnd } from '../support/on-end.ts';
import { until } from './support/operate.ts';
import { openTab } from './support/tab.ts';

const run = promisify(execFile);
/** As the packages that the code imports are found from there. */
const FOLDER = '.build/stacks-';

/** What the first screen shows for a stack, in a file. */
function write(t: TestContext, name: string, hub: string, file: string): string {
  const folder = mkdtempSync(FOLDER);
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, file);
  writeFileSync(path, codeOf(name, hub));
  return path;
}

function codeOf(name: string, hub: string): string {
  return STACKS.find((stack) => stack.name === name)!.code(hub);
}

async function newest(hub: string): Promise<unknown> {
  const { messages } = (await send(`${hub}/channels/scores?last=1`)).json() as {
    messages: { data: unknown }[];
  };
  return messages[0]?.data;
}

for (const [name, path] of [
  ['node:http', '/'],
  ['Express', '/goal'],
] as const) {
  test(`Build: a request to the server of ${name} publishes to the hub`, async (t) => {
    const { url } = await startServe(t);
    const port = await freePort();
    const file = write(t, name, url, 'server.mjs');
    writeFileSync(file, codeOf(name, url).replace('3000', String(port)));
    const server = spawn(process.execPath, [file]);
    onEnd(t, () => void server.kill());
    const ask = () => send(`http://127.0.0.1:${port}${path}`, { method: 'POST' }).catch(() => undefined);
    await until(async () => (await ask())?.status === 201);
    assert.deepEqual(await newest(url), { home: 1 });
  });
}

test('Build: the handlers of Hono and Next publish to the hub', async (t) => {
  const { url } = await startServe(t);
  const hono = await import(pathToFileURL(write(t, 'Hono', url, 'app.mjs')).href);
  assert.equal((await hono.default.request('/goal', { method: 'POST' })).status, 201);
  const next = await import(pathToFileURL(write(t, 'Next', url, 'route.mjs')).href);
  assert.equal((await next.POST()).status, 201);
  assert.deepEqual(await newest(url), { home: 1 });
});

test('Build: the lines for a terminal and for Python print what they published', async (t) => {
  const { url } = await startServe(t);
  const python = await run('python3', [write(t, 'Python', url, 'goal.py')]);
  assert.match(python.stdout, /^\w+\.\d+\n{'home': 1}\n$/);
  const shell = await run('bash', [write(t, 'curl', url, 'goal.sh')]);
  assert.match(shell.stdout, /event-stream|id: |"data":\{"home":1\}/);
});

test('Build: the component for React renders', async (t) => {
  const { url } = await startServe(t);
  const source = write(t, 'React', url, 'app.jsx');
  const built = source.replace('app.jsx', 'app.mjs');
  await build({
    // The client of the code stays connected: the program has to end by itself.
    stdin: {
      contents: `import { renderToString } from 'react-dom/server';
        import { App } from './app.jsx';
        console.log(renderToString(<App />));
        process.exit();`,
      loader: 'jsx',
      resolveDir: dirname(source),
    },
    outfile: built,
    jsx: 'automatic',
    tsconfigRaw: {},
    format: 'esm',
    bundle: true,
    packages: 'external',
  });
  assert.equal((await run(process.execPath, [built])).stdout, 'null\n');
});

test('Build: the page for a browser gets what it publishes', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/healthz`);
  const heard = tab.waitForEvent('console', (line) => line.type() === 'log');
  // A document of the hub's own origin with this in it, and without the console's policy.
  await tab.setContent(codeOf('Browser', url));
  assert.deepEqual(await (await heard).args()[0]!.jsonValue(), { home: 1 });
});
