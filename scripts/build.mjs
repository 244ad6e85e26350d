// `npm run build`: src → dist, as it is published, and each engine's too. Built beside it and moved into place when
// complete.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build as bundle } from 'esbuild';
import { minify } from 'terser';
import { LAST_PRODUCT, ROOT, stop, succeeds } from './prepare.mjs';

/** What the client, with all its transports, may weigh in a browser after gzip at level 9; a test holds it. */
const CLIENT_LIMIT_BYTES = 10_240;
const WEB = 'src/console/web';
const SCENARIOS = 'examples/scenarios';

process.chdir(ROOT);
const next = '.build/dist';
rmSync(next, { recursive: true, force: true });

compile('-p', 'tsconfig.dist.json', '--outDir', next);
chmodSync(join(next, 'cli/main.js'), 0o755);

// Packages of their own, which the product loads where they are installed.
for (const name of readdirSync('engines')) {
  const product = join('.build', `${name}-dist`);
  rmSync(product, { recursive: true, force: true });
  compile('-p', join('engines', name), '--outDir', product);
  rmSync(join('engines', name, 'dist'), { recursive: true, force: true });
  renameSync(product, join('engines', name, 'dist'));
}

// What package.json's `browser` map says, for paths that are not those of the package.
const browserFiles = {
  name: 'browser-files',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/websocket\.node\.[jt]s$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace('.node.', '.browser.')),
    })),
};
const browser = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
  plugins: [browserFiles],
};

cpSync('src/log/redis/lua', join(next, 'log/redis/lua'), { recursive: true });
for (const file of readdirSync('src/native').filter((name) => name.endsWith('.node'))) {
  cpSync(join('src/native', file), join(next, 'native', file));
}

// The console, a chunk for each of its pages; and the scenarios, whose files it shows and runs as they stand.
await bundle({
  ...browser,
  entryPoints: [`${WEB}/main.tsx`, `${WEB}/style.css`],
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  outdir: join(next, 'console/web'),
});
copyFileSync(`${WEB}/index.html`, join(next, 'console/web/index.html'));
const scenarios = readdirSync(SCENARIOS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
await bundle({
  ...browser,
  entryPoints: scenarios.map(({ name }) => ({ in: join(SCENARIOS, name, 'page.js'), out: name })),
  outdir: join(next, 'console/web/scenarios'),
});
for (const { name } of scenarios) {
  cpSync(join(SCENARIOS, name), join(next, 'console/examples', name), { recursive: true });
}

// What a page loads at first: the rest of WebTransport comes once it is used, as a bundler's chunk of its own.
const loadedLater = {
  name: 'loaded-later',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/webtransport-link\.js$/ }, () => ({
      path: './transports/webtransport-link.js',
      external: true,
    })),
};
await bundleClient({
  entryPoints: [join(next, 'client/index.js')],
  plugins: [...browser.plugins, loadedLater],
  outfile: LAST_PRODUCT.replace('dist', next),
});

// For pages without modules or a bundler: `fanwire.connect` from a <script>.
await bundleClient({
  format: 'iife',
  stdin: {
    contents: `import { connect, FanwireError } from './client/index.js'; globalThis.fanwire = { connect, FanwireError };`,
    resolveDir: next,
    sourcefile: 'script.js',
  },
  sourcemap: true,
  outfile: join(next, 'client/fanwire.js'),
});

rmSync('dist', { recursive: true, force: true });
renameSync(next, 'dist');

// So that `npx fanwire` works in the checkout: npm links the commands of dependencies, not a package's own.
const link = 'node_modules/.bin/fanwire';
rmSync(link, { force: true });
symlinkSync('../../dist/cli/main.js', link);

// Of interest to whoever changes the client, not to whoever starts a hub.
if (process.argv.includes('--quiet')) process.exit();
const size = gzipSync(readFileSync(LAST_PRODUCT), { level: 9 }).length;
const figure = (bytes) => bytes.toLocaleString('en');
console.log(`${LAST_PRODUCT}: ${figure(size)} bytes after gzip, of ${figure(CLIENT_LIMIT_BYTES)} at most`);

/** Bundles the client. Terser minifies it, because its output is a twentieth smaller after gzip than esbuild's. */
async function bundleClient(options) {
  const { outputFiles } = await bundle({
    ...browser,
    ...options,
    minify: false,
    minifySyntax: true,
    write: false,
  });
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text;
  const { outfile, sourcemap } = options;
  const name = basename(outfile);
  const { code, map } = await minify(
    { [name]: textOf('.js') },
    {
      module: true,
      compress: { passes: 2 },
      ...(sourcemap && { sourceMap: { content: textOf('.map'), includeSources: true, url: `${name}.map` } }),
    },
  );
  writeFileSync(outfile, code);
  if (sourcemap) writeFileSync(`${outfile}.map`, map);
}

function compile(...args) {
  if (!succeeds(process.execPath, ['node_modules/typescript/bin/tsc', ...args])) {
    stop('The build stopped: the types do not fit.');
  }
}
