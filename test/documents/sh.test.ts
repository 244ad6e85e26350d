import assert from 'node:assert/strict';
import { execSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { before, type TestContext, test } from 'node:test';
import { certificateOf } from '../../src/server/tls/certificate-of.ts';
import { freePort } from '../support/free-port.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { freshCheckout } from './checkout.ts';
import { GRPC_COMMANDS } from './grpc-commands.ts';
import { allBlocks, blocksOf, placeOf } from './markdown.ts';

/** Where the documents have a hub listen; the test's takes its place. */
const SHOWN_HUB = 'http://127.0.0.1:8080';

/** Where a command stands. */
interface Place {
  readonly document: string;
  readonly exported: string;
}

type Act = (t: TestContext, command: string, place: Place) => Promise<void>;

/** What is done with each command of the documents; one that nothing here matches fails. */
const COMMANDS: readonly (readonly [RegExp, Act])[] = [
  ...GRPC_COMMANDS,
  [/^npm start$/, startFresh],
  [/^mkdir chat /, beginProject],
  [/^npm install fanwire( [a-z.]+)*$/, assertName],
  [/^npm install --save-dev [a-z@/ ]+$/, assertTypes],
  [/^npm (test|run (format|soak|pictures))( -- .+)?$/, assertScript],
  [/^curl -N .*\/channels\/scores /, watch],
  [/^curl .* -d /, publish],
  [/^npx fanwire check-config/, checkConfig],
  [/^npx fanwire serve/, serve],
  [/^npx fanwire token /, makeToken],
  [/^npx fanwire doctor /, examine],
  [/^npx fanwire lab$/, measureNetwork],
  [/^node bench\/capacity\.mjs /, workOut],
  [/^tail -f app\.log \| npx fanwire publish logs$/, follow],
];

// A machine that has only Node, npm and apt.
before(() => {
  if (spawnSync('curl', ['--version']).status !== 0)
    execSync('apt-get update -qq && apt-get install -y -qq curl');
});

for (const block of allBlocks('sh')) {
  const lines = block.text.trimEnd().split('\n');
  // What a terminal was told to export holds for the commands after it.
  const exported = lines.filter((line) => line.startsWith('export ')).join('; ');
  for (const line of lines.filter((each) => !each.startsWith('export '))) {
    const command = line.replace(/\s+#.*$/, '');
    test(`${placeOf(block)}: ${command}`, { timeout: 110_000 }, (t) => {
      const [, act] = COMMANDS.find(([pattern]) => pattern.test(command)) ?? [];
      return act ? act(t, command, { ...block, exported }) : assert.fail('nothing runs it');
    });
  }
}

/** In a fresh checkout it installs, builds and serves; `npx fanwire` then works there. */
async function startFresh(t: TestContext): Promise<void> {
  const folder = freshCheckout(t);
  const port = await freePort();
  const started = run(t, `PORT=${port} npm start 2>&1`, folder);
  const greeting = await started.line(/^fanwire listens on /);
  const url = greeting.split(' ').at(-1)!;
  assert.equal(new URL(url).port, `${port}`);
  // What a newcomer sees besides, npm's own two lines included: nothing to wonder about.
  const before = started.said().split('\n').filter(Boolean).slice(0, -1);
  assert.match(before.shift()!, /^> fanwire@\S+ start$/);
  assert.match(before.splice(2, 1)[0]!, /^added \d+ packages in /);
  assert.deepEqual(before, ['> node scripts/start.mjs', 'Installing packages …', 'Building …']);
  const command = `npx fanwire publish greetings hello --verbose --url ${url}`;
  const id = await run(t, command, folder).line(/^\w+\.\d+$/);
  const answer = await send(`${url}/channels/greetings?last=1`);
  assert.equal(answer.json().position, id);
}

/** What is published under that name is installed and run in test/packaging/. */
async function assertName(): Promise<void> {
  const { name, private: hidden } = JSON.parse(readFileSync('package.json', 'utf8'));
  assert.deepEqual([name, hidden], ['fanwire', undefined]);
}

/** It is not run within itself: this test is part of it. */
async function assertScript(_: TestContext, command: string): Promise<void> {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const [, name = ''] = /^npm (?:run )?(\w+)/.exec(command)!;
  assert.equal(scripts[name], name === 'format' ? 'biome check --write .' : `node scripts/${name}.mjs`);
  assert.match(readFileSync('.ci/run', 'utf8'), /^exec npm test$/m);
}

/** Modules are what the document goes on with. */
async function beginProject(t: TestContext, command: string): Promise<void> {
  const folder = temporaryFolder(t);
  execSync(command, { cwd: folder, stdio: 'ignore' });
  assert.equal(JSON.parse(readFileSync(join(folder, 'chat/package.json'), 'utf8')).type, 'module');
}

/** The document's blocks are type-checked with these, as this repository has them. */
async function assertTypes(_: TestContext, command: string): Promise<void> {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const name of command.split(' ').slice(3)) assert.ok(name in devDependencies, name);
}

async function watch(t: TestContext, command: string): Promise<void> {
  const { hub, url } = await startHub(t);
  const shown = run(t, atHub(command, url));
  await shown.line(/^id: /);
  await hub.publish('scores', { home: 1 });
  await shown.line(/^data: \{"home":1\}$/);
}

async function publish(t: TestContext, command: string): Promise<void> {
  const { hub, url } = await startHub(t);
  const messages = hub.subscribe('scores');
  const next = messages.next();
  await run(t, atHub(command, url)).line(/^\{"id":"\w+\.1"\}$/);
  assert.deepEqual((await next).value?.data, { home: 1 });
}

async function examine(t: TestContext, command: string): Promise<void> {
  const { url } = await startHub(t);
  await run(t, `${atHub(command, url)} --hold 1`).line(/^All is well: fanwire would use websocket\.$/);
}

/** One network of all, as each takes as long. */
async function measureNetwork(t: TestContext, command: string): Promise<void> {
  await run(t, `${command} --only direct`).line(/^Nothing was lost silently\.$/);
}

async function workOut(t: TestContext, command: string): Promise<void> {
  await run(t, command).line(/^machines +\d+, so that one may go$/);
}

async function follow(t: TestContext, command: string): Promise<void> {
  const { hub, url } = await startHub(t);
  const folder = temporaryFolder(t);
  const file = join(folder, 'app.log');
  writeFileSync(file, 'it started\n');
  const messages = hub.subscribe('logs');
  const next = messages.next();
  run(t, `${command.replace('app.log', file)} --url ${url}`);
  assert.equal((await next).value?.data, 'it started');
  appendFileSync(file, 'it works\n');
  assert.equal((await messages.next()).value?.data, 'it works');
}

async function checkConfig(t: TestContext, command: string, { document, exported }: Place): Promise<void> {
  await run(t, [exported, withConfig(t, command, document)].filter(Boolean).join('; ')).line(/ is ok$/);
}

async function serve(t: TestContext, command: string, { document, exported }: Place): Promise<void> {
  const serving = `${withCertificate(t, withConfig(t, command, document))} --port 0`;
  await run(t, [exported, serving].filter(Boolean).join('; ')).line(/^fanwire listens on /);
}

async function makeToken(t: TestContext, command: string, { exported }: Place): Promise<void> {
  const token = await run(t, `${exported}; ${command}`).line(/./);
  const [, claims = ''] = token.split('.');
  assert.ok('fanwire' in JSON.parse(Buffer.from(claims, 'base64url').toString()));
}

/** With a file in place of `fanwire.config.json` that holds what the document shows under that name. */
function withConfig(t: TestContext, command: string, document: string): string {
  const shown = blocksOf(document).find(({ kind }) => kind === 'json config');
  const file = join(temporaryFolder(t), 'fanwire.config.json');
  if (shown) writeFileSync(file, shown.text);
  return command.replace('fanwire.config.json', file);
}

/** With files in the place of those that certbot would have written. */
function withCertificate(t: TestContext, command: string): string {
  const folder = temporaryFolder(t);
  const { cert, key } = certificateOf('self-signed', () => {}).pair;
  writeFileSync(join(folder, 'fullchain.pem'), cert);
  writeFileSync(join(folder, 'privkey.pem'), key);
  return command.replaceAll('/etc/letsencrypt/live/hub.example', folder);
}

function atHub(command: string, url: string): string {
  return command.replace(SHOWN_HUB, url);
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fanwire-sh-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Runs a command as somebody would who types it; ends it, and what it has started, with the test. */
function run(t: TestContext, command: string, cwd = '.') {
  // npx remembers every checkout that it ran in: here in a cache that goes with the test.
  const env = command.includes('npx')
    ? { ...process.env, npm_config_cache: temporaryFolder(t) }
    : process.env;
  const child = spawn('bash', ['-c', command], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  t.after(async () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // All of it has ended by itself.
    }
    await ended;
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    /** All that it has printed so far. */
    said: () => said,
    /** Reads on until a line that matches. */
    async line(pattern: RegExp): Promise<string> {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`${command} printed no line like ${pattern}, but:\n${said}`);
        said += `${value}\n`;
        if (pattern.test(value)) return value;
      }
    },
  };
}
