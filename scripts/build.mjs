// `npm run build`: src → dist, as it is published. Built beside it and moved into place when complete.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
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
const CLIENT_LIMIT_BYTES = 9216;
const PAGE_FILES = ['index.html', 'style.css'];

process.chdir(ROOT);
const next = '.build/dist';
rmSync(next, { recursive: true, force: true });

const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.dist.json', '--outDir', next];
if (!succeeds(process.execPath, tsc)) stop('The build stopped: the types do not fit.');
chmodSync(join(next, 'cli/main.js'), 0o755);

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

mkdirSync(join(next, 'console/page'), { recursive: true });
for (const file of PAGE_FILES) copyFileSync(join('src/console/page', file), join(next, 'console/page', file));
await bundle({
  ...browser,
  entryPoints: ['src/console/page/main.tsx'],
  outfile: join(next, 'console/page/main.js'),
});

const client = LAST_PRODUCT.replace('dist', next);
await bundle({ ...browser, entryPoints: [join(next, 'client/index.js')], outfile: client });

rmSync('dist', { recursive: true, force: true });
renameSync(next, 'dist');

// So that `npx fanwire` works in the checkout: npm links the commands of dependencies, not a package's own.
const link = 'node_modules/.bin/fanwire';
rmSync(link, { force: true });
symlinkSync('../../dist/cli/main.js', link);

const size = gzipSync(readFileSync(LAST_PRODUCT), { level: 9 }).length;
const figure = (bytes) => bytes.toLocaleString('en');
console.log(`${LAST_PRODUCT}: ${figure(size)} bytes after gzip, of ${figure(CLIENT_LIMIT_BYTES)} at most`);
