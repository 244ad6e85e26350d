import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
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
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { pack } from '../support/packed.ts';

const SOURCE = 'engines/webtransport';
const NAME = '@fanwire/webtransport';

/** A project that has installed what would be published: this package, and the one that loads it. */
let project: string;
let installed: string;
let tarball: string;

before(() => {
  project = mkdtempSync(join(tmpdir(), 'fanwire-webtransport-'));
  installed = join(project, 'node_modules', NAME);
  tarball = pack(project, SOURCE);
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}');
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', pack(project), tarball];
  execFileSync('npm', args, { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] });
});
after(() => rmSync(project, { recursive: true, force: true }));

function node(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
}

test('a hub that is installed beside it serves WebTransport, and a client in Node reads it', () => {
  const program = `import { createHub } from 'fanwire';
    import { WebTransport } from '${NAME}/client';
    const hub = createHub();
    const { url } = await hub.listen({ port: 0, tls: 'self-signed', webtransport: true });
    const session = new WebTransport(url + '/channels/scores', { rejectUnauthorized: false });
    await session.ready;
    const { value: lines } = await session.incomingUnidirectionalStreams.getReader().read();
    const { value } = await lines.getReader().read();
    console.log(new TextDecoder().decode(value).startsWith('{"heartbeat":{"position":'));
    session.close();
    await hub.close({ drainMs: 0 });`;
  assert.equal(node('--input-type=module', '--eval', program), 'true\n');
});

test('it holds what was built, and neither tests nor paths of the machine that built it', () => {
  assert.deepEqual(readdirSync(installed).sort(), [
    'LICENSE',
    'NOTICES',
    'README.md',
    'dist',
    'engine.sha256',
    'engine.wasm.br',
    'package.json',
    'wasm_exec.cjs',
  ]);
  const entries = readdirSync(installed, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    assert.doesNotMatch(path.slice(installed.length), /\.test\.|\/test\/|\.tsx?(?<!\.d\.ts)$/);
    const text = readFileSync(path, 'utf8');
    for (const own of [process.cwd(), homedir()])
      assert.ok(!text.includes(`${own}/`), `${path} names ${own}`);
  }
});

test('it depends on nothing, and is not part of the package that loads it', () => {
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  );
  assert.deepEqual([dependencies, optionalDependencies], [undefined, undefined]);
  const files = readdirSync(join(project, 'node_modules/fanwire'), { recursive: true, encoding: 'utf8' });
  assert.deepEqual(
    files.filter((file) => /wasm|engine-thread/.test(file)),
    [],
  );
});

test('every module has a source map that holds its source', () => {
  const dist = join(installed, 'dist');
  const modules = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.js'),
  );
  assert.ok(modules.includes('index.js') && modules.includes('client/index.js'));
  for (const path of modules) {
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(dist, `${path}.map`), 'utf8'));
    assert.equal(sourcesContent?.length, sources.length, path);
  }
});

test('a strict program compiles against its types', () => {
  mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
  for (const name of ['@types/node', 'undici-types']) {
    const link = join(project, 'node_modules', name);
    rmSync(link, { recursive: true, force: true });
    symlinkSync(resolve('node_modules', name), link);
  }
  writeFileSync(
    join(project, 'consumer.ts'),
    `import { type Session, serve } from '${NAME}';
import { WebTransport } from '${NAME}/client';
export const sessions: Session[] = [];
export const engine = serve({
  host: '127.0.0.1',
  port: 0,
  cert: '',
  key: '',
  onSession: (request) => void sessions.push(request.accept()),
  onError: console.error,
});
export const closed: Promise<{ closeCode: number }> = new WebTransport('https://127.0.0.1').closed;
`,
  );
  const options = { module: 'NodeNext', moduleResolution: 'NodeNext', target: 'ES2022', types: 'node' };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const strict = ['--strict', '--noEmit', '--skipLibCheck', 'false'];
  node(resolve('node_modules/typescript/bin/tsc'), ...flags, ...strict, 'consumer.ts');
});

test('publint has nothing to say against it', async () => {
  const { messages, pkg } = await publint({ pkgDir: installed, level: 'warning', strict: true, pack: false });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg!)),
    [],
  );
});

test('its types are what its modules are, by are-the-types-wrong', async () => {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  assert.ok(analysis.types);
  // Older than the `exports` of packages, or a require() of modules, which Node 20.19 can do.
  const outside = (problem: object) =>
    'resolutionKind' in problem && ['node10', 'node16-cjs'].includes(String(problem.resolutionKind));
  assert.deepEqual(
    analysis.problems.filter((problem) => !outside(problem)),
    [],
  );
});
