import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { pack } from '../support/packed.ts';

const MANIFEST = JSON.parse(readFileSync('package.json', 'utf8'));
const CLIENT_LIMIT_BYTES = 10_240;
/** The one subpath that is no module: it sets a global. */
const SCRIPT = './script';

/** A project that has installed what would be published. */
let project: string;
let installed: string;
let tarball: string;

before(() => {
  project = mkdtempSync(join(tmpdir(), 'fanwire-package-'));
  installed = join(project, 'node_modules/fanwire');
  tarball = pack(project);
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}');
  npm(project, 'install', '--prefer-offline', '--no-audit', '--no-fund', tarball);
});
after(() => rmSync(project, { recursive: true, force: true }));

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function node(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
}

test('every subpath of the package is there for plain Node', (t) => {
  // The peers that their subpaths can't do without.
  for (const peer of ['react', 'graphql', '@connectrpc', '@bufbuild']) {
    const link = join(project, 'node_modules', peer);
    symlinkSync(resolve('node_modules', peer), link);
    t.after(() => rmSync(link));
  }
  for (const subpath of Object.keys(MANIFEST.exports).filter((each) => each !== SCRIPT)) {
    const name = join('fanwire', subpath);
    const attributes = subpath.endsWith('.json') ? `, { with: { type: 'json' } }` : '';
    const program = `console.log(Object.keys(await import('${name}'${attributes})).length > 0)`;
    assert.equal(node('--no-warnings', '--input-type=module', '--eval', program), 'true\n', name);
  }
});

test('the package needs at run time only what it depends on', () => {
  const program = `import { createHub } from 'fanwire';
    import { connect } from 'fanwire/client';
    const hub = createHub();
    const { url } = await hub.listen({ port: 0 });
    const client = connect(url);
    console.log((await client.publish('scores', 1)).id.endsWith('.1'));
    client.close();
    await hub.close({ drainMs: 0 });`;
  assert.equal(node('--input-type=module', '--eval', program), 'true\n');
});

test('a log whose driver is not installed says how to get it', () => {
  const program = `import { redisLog } from 'fanwire/redis';
    const opening = redisLog().open({ appended() {}, interrupted() {} }, () => ({ count: 1, ageMs: 1 }));
    await opening.catch(({ message }) => console.log(message));`;
  assert.match(node('--input-type=module', '--eval', program), /npm install @redis\/client$/m);
});

test('a hub without the package for WebTransport says how to get it', () => {
  const program = `import { createHub } from 'fanwire';
    const hub = createHub();
    await hub.webtransport({ port: 0, tls: 'self-signed' }).catch(({ code, message }) => console.log(code, message));
    await hub.close({ drainMs: 0 });`;
  assert.match(
    node('--input-type=module', '--eval', program),
    /^invalid_parameter .*npm install @fanwire\/webtransport$/m,
  );
});

for (const [flag, packages] of [
  ['--grpc', '@connectrpc/connect @bufbuild/protobuf'],
  ['--graphql', 'graphql'],
] as const) {
  test(`a hub that is asked for ${flag} without its packages says how to get them`, () => {
    const args = ['node_modules/fanwire/dist/cli/main.js', 'serve', '--port', '0', flag];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
    assert.equal(status, 1);
    assert.ok(stderr.trimEnd().endsWith(`npm install ${packages}`), stderr);
  });
}

test('its command runs', () => {
  assert.equal(npm(project, 'exec', '--', 'fanwire', '--version'), `${MANIFEST.version}\n`);
});

for (const [module, moduleResolution] of [
  ['NodeNext', 'NodeNext'],
  ['ESNext', 'Bundler'],
] as const) {
  test(`its types hold a strict program that resolves modules as ${moduleResolution}`, () => {
    mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
    const nodeTypes = join(project, 'node_modules/@types/node');
    rmSync(nodeTypes, { force: true });
    symlinkSync(resolve('node_modules/@types/node'), nodeTypes);
    writeFileSync(
      join(project, 'consumer.ts'),
      `import { createHub, type HubOptions } from 'fanwire';
import { connect, type Client } from 'fanwire/client';
import { connect as share } from 'fanwire/tabs';
export const via: 'this tab' | 'another tab' | undefined = share('http://127.0.0.1:3000', { group: 'ada' }).status.via;
export const shared: Client = share('http://127.0.0.1:3000');
const options: HubOptions = { channels: { 'chat.*': { retain: { count: 10 }, read: 'anyone' } } };
const client: Client = connect('http://127.0.0.1:3000', { transports: ['websocket', 'sse'] });
export const sent: Promise<{ readonly id: string }> = createHub(options).publish('chat.a', client.status.why);
createHub({
  beforePublish({ data }) {
    if (data === null) throw new Error('say something');
  },
  requests: { add: ({ a, b }: { a: number; b: number }) => a + b },
});
// @ts-expect-error: an option that there is not
createHub({ heartbeat: 1 });
`,
    );
    const options = { module, moduleResolution, strict: true, skipLibCheck: false, types: ['node'] };
    const flags = Object.entries({ ...options, target: 'ES2022', noEmit: true, rootDir: project });
    const args = flags.flatMap(([name, value]) => [`--${name}`, `${value}`]);
    node(resolve('node_modules/typescript/bin/tsc'), ...args, 'consumer.ts');
  });
}

test('it holds what was built, and neither tests nor paths of the machine that built it', () => {
  const files = readdirSync(installed, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    assert.doesNotMatch(
      path.slice(installed.length),
      /\.test\.|\/test\/|(?<!\/log\/)conformance|\.tsx?(?<!\.d\.ts)$/,
    );
    const text = readFileSync(path, 'utf8');
    for (const own of [process.cwd(), homedir()])
      assert.ok(!text.includes(`${own}/`), `${path} names ${own}`);
  }
  assert.deepEqual(readdirSync(installed).sort(), ['LICENSE', 'README.md', 'dist', 'package.json', 'proto']);
});

// The code of WebTransport is loaded once it is used: a bundler that splits makes a chunk of its own of it.
/** The limit is for Terser's output; esbuild's is some sixteenth larger. */
const BUNDLED_LIMIT_BYTES = Math.round(CLIENT_LIMIT_BYTES * 1.065);

test(`a page loads ${BUNDLED_LIMIT_BYTES} bytes of what a bundler makes of the client at most, with nothing of Node's`, async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: "export * from 'fanwire/client'", resolveDir: project },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    outdir: 'bundled',
    metafile: true,
    write: false,
  });
  const inputs = Object.keys(metafile.inputs);
  assert.deepEqual(
    inputs.filter((path) => /node_modules\/ws\/|websocket\.node|^node:/.test(path)),
    [],
  );
  // What is loaded once WebTransport is used is a file of its own, and there is no third.
  assert.deepEqual(
    outputFiles.map(({ path }) => /stdin|webtransport-link/.exec(path)?.[0]),
    ['stdin', 'webtransport-link'],
  );
  const size = gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
  assert.ok(size <= BUNDLED_LIMIT_BYTES, `${size} bytes after gzip`);
});

test('a page that loads its script has `fanwire.connect`', () => {
  const script = readFileSync(join(installed, MANIFEST.exports[SCRIPT]), 'utf8');
  const page = createContext({});
  runInContext(script, page);
  assert.equal(runInContext('typeof fanwire.connect', page), 'function');
  for (const cdn of ['unpkg', 'jsdelivr']) assert.equal(MANIFEST[cdn], MANIFEST.exports[SCRIPT]);
});

test('the hooks begin with `use client`, as React’s frameworks for servers ask for', () => {
  // Directives count only before every other statement; comments may come before them.
  const entry = readFileSync(join(installed, MANIFEST.exports['./react'].default), 'utf8');
  assert.match(entry.replace(/^(\s|\/\*[\s\S]*?\*\/|\/\/.*)*/, ''), /^'use client';/);
});

test('every module has a source map that holds its source', () => {
  const dist = join(installed, 'dist');
  const modules = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.js') && !path.startsWith('console/') && path !== 'client/browser.js',
  );
  assert.ok(modules.includes('index.js') && modules.includes('client/fanwire.js'));
  for (const path of modules) {
    const [, named] = /^\/\/# sourceMappingURL=(.*)$/m.exec(readFileSync(join(dist, path), 'utf8')) ?? [];
    assert.ok(named, path);
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(dist, dirname(path), named), 'utf8'));
    assert.equal(sourcesContent.length, sources.length, path);
    assert.ok(sourcesContent.every(Boolean), path);
  }
});

test('publint has nothing to say against it', async () => {
  const { messages, pkg } = await publint({ pkgDir: installed, level: 'warning', strict: true, pack: false });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg!)),
    [],
  );
});

test('its types are what its modules are, by are-the-types-wrong', async () => {
  const checked = createPackageFromTarballData(readFileSync(tarball));
  const analysis = await checkPackage(checked, { excludeEntrypoints: [SCRIPT] });
  assert.ok(analysis.types);
  // Older than the `exports` of packages, or a require() of modules, which Node 20.19 can do.
  const outside = (problem: object) =>
    'resolutionKind' in problem && ['node10', 'node16-cjs'].includes(String(problem.resolutionKind));
  assert.deepEqual(
    analysis.problems.filter((problem) => !outside(problem)),
    [],
  );
});

test('npm knows where it comes from, so that the links of its README lead there', () => {
  const { hostname, pathname } = new URL(MANIFEST.repository.url);
  assert.equal(hostname, 'github.com');
  const repository = `https://github.com${pathname.replace(/\.git$/, '')}`;
  assert.deepEqual([MANIFEST.homepage, MANIFEST.bugs], [`${repository}#readme`, `${repository}/issues`]);
});
