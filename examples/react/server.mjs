// A chat in React: `node examples/react/server.mjs`. Bundled here by esbuild; any bundler will do.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createHub } from 'fanwire';

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('main.jsx', import.meta.url))],
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  // Without this repository's own settings, which are for Preact.
  tsconfigRaw: {},
  write: false,
});
const page = await readFile(new URL('index.html', import.meta.url));

const server = createServer(({ url }, response) => {
  if (url === '/') return response.setHeader('content-type', 'text/html').end(page);
  if (url === '/main.js') {
    return response.setHeader('content-type', 'text/javascript').end(outputFiles[0].contents);
  }
  response.writeHead(404).end();
});

const hub = createHub({ basePath: '/realtime', channels: { chat: { retain: { count: 100 } } } });
hub.attach(server);

server.listen(process.env.PORT ?? 3000, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});

process.once('SIGTERM', async () => {
  await hub.close();
  server.close();
  // A browser connects ahead of need, and `close` waits for its first request. Answers under way get a second.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
});
