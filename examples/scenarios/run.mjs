// `node examples/scenarios/run.mjs chat`: one scenario alone, on a hub of its own.
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createHub } from 'fanwire';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

const name = process.argv[2] ?? '';
if (!/^[\w-]+$/.test(name) || !existsSync(`${FOLDER}${name}/server.js`)) {
  console.error(
    'node examples/scenarios/run.mjs NAME, where NAME is a folder beside run.mjs: chat, for example',
  );
  process.exit(2);
}

const files = {
  '/': { type: 'text/html; charset=utf-8', body: page() },
  '/page.js': { type: 'text/javascript', body: await bundle('js', script()) },
  '/style.css': { type: 'text/css', body: await bundle('css', style()) },
};
const server = createServer((request, response) => {
  const file = files[request.url.split('?')[0]];
  if (!file) return response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': file.type }).end(file.body);
});

const { channels, start, whileWatched } = await import(`./${name}/server.js`);
const hub = createHub({ channels });
hub.attach(server);
// The console stops what nobody watches; here it runs all the time.
const stops = [start?.(hub), whileWatched?.(hub)];

server.listen(process.env.PORT ?? 3000, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});

process.once('SIGTERM', async () => {
  for (const stop of stops) stop?.();
  await hub.close();
  server.close();
  // A browser connects ahead of need, and `close` waits for its first request. Answers under way get a second.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
});

function page() {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <title>${name}</title>
  <link rel="icon" href="data:," />
  <link rel="stylesheet" href="/style.css" />
  <main><section class="scenario"></section></main>
  <script type="module" src="/page.js"></script>
</html>`;
}

function script() {
  return `
    import { connect } from 'fanwire/client';
    import page from './${name}/page.js';
    const open = (options) => connect('/', options);
    page(open(), document.querySelector('section'), { connect: open });`;
}

function style() {
  return '@import "../../src/console/web/shell/base.css"; @import "./style.css"; main { margin-top: 2rem; }';
}

/** Bundles what is written here as if it were a file in this folder. */
async function bundle(loader, contents) {
  const stdin = { contents, loader, resolveDir: FOLDER };
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  return outputFiles[0].text;
}
