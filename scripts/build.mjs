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
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build as bundle } from 'esbuild';
import { LAST_PRODUCT, ROOT, stop, succeeds } from './prepare.mjs';

/** What the client, with all its transports, may weigh in a browser after gzip at level 9; a test holds it. */
const CLIENT_LIMIT_BYTES = 10_240;
const PAGE = 'src/console/page';
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

// The page, a chunk a room; and the scenarios, whose files it shows and runs as they stand.
await bundle({
  ...browser,
  entryPoints: [`${PAGE}/main.tsx`, `${PAGE}/style.css`],
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  outdir: join(next, 'console/page'),
});
copyFileSync(`${PAGE}/index.html`, join(next, 'console/page/index.html'));
const scenarios = readdirSync(SCENARIOS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
await bundle({
  ...browser,
  entryPoints: scenarios.map(({ name }) => ({ in: join(SCENARIOS, name, 'page.js'), out: name })),
  outdir: join(next, 'console/page/scenarios'),
});
for (const { name } of scenarios) {
  cpSync(join(SCENARIOS, name), join(next, 'console/examples', name), { recursive: true });
}

const client = LAST_PRODUCT.replace('dist', next);
await bundle({ ...browser, entryPoints: [join(next, 'client/index.js')], outfile: client });

// For pages without modules or a bundler: `fanwire.connect` from a <script>.
await bundle({
  ...browser,
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

function compile(...args) {
  if (!succeeds(process.execPath, ['node_modules/typescript/bin/tsc', ...args])) {
    stop('The build stopped: the types do not fit.');
  }
}
