// `npm test [part of a path …]`: format and lint, types, build, then the tests; the last line counts them all.
import { setMaxListeners } from 'node:events';
import { copyFileSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { provideChromium } from './chromium.mjs';
import {
  provideBrowsers,
  provideCaches,
  provideDeployment,
  provideEngines,
  provideFaults,
  provideProtoc,
  provideWorldProxies,
} from './engines.mjs';
import { provideFrameworks } from './frameworks.mjs';
import { build, install, ROOT, requireNode, succeeds } from './prepare.mjs';
import { provideGo, provideGrpc, provideGrpcTools, providePython, provideRuntimes } from './runtimes.mjs';

const TEST_FOLDERS = ['src', 'test', 'conformance', 'engines'];
/** What an engine's package has above its compiled modules, and its compiled tests need there too. */
const ENGINE_FILES = ['engine.wasm.br', 'wasm_exec.cjs'];
/** One more than there are processors: many tests wait for most of their time. */
const AT_ONCE = availableParallelism() + 1;
/** Longer than the slowest file takes on a slow machine: only what hangs meets it. */
const TIMEOUT_MS = 300_000;
const IDLE_MS = TIMEOUT_MS + 30_000;
/** Files whose time is told at the end: the whole run has 25 minutes. */
const SLOWEST = 12;

const filters = process.argv.slice(2);
const count = { passed: 0, failed: 0 };
/** What to read again at the end, above the count. */
const remarks = [];

process.chdir(ROOT);
requireNode();
install();
check('format and lint', () => node('node_modules/@biomejs/biome/bin/biome', 'check'));
// Compiled anew: a test whose source is gone must not go on running.
for (const folder of TEST_FOLDERS) rmSync(join('.build', folder), { recursive: true, force: true });
check('types', () => node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'));
for (const name of readdirSync('engines')) {
  for (const file of ENGINE_FILES)
    copyFileSync(join('engines', name, file), join('.build/engines', name, file));
}
cpSync('src/native', '.build/src/native', { recursive: true, filter: (path) => !/\.(ts|mjs|c)$/.test(path) });
check('build', () => build());
const files = spread(TEST_FOLDERS.flatMap(testFiles).filter(isWanted));
const inChromium = files.some((file) =>
  /\/(browser|chromium|console|react|examples|webtransport|world\/(browsers|proxies))/.test(file),
);
const hasChromium = inChromium && check('Chromium', provideChromium);
if (files.some((file) => /\/(log|logs|nodes|abuse)\//.test(file)))
  check('redis-server, nats-server and openssl', provideEngines);
if (files.some((file) => file.includes('conformance/faults/')))
  check('redis-server, nats-server and prlimit', provideFaults);
if (files.some((file) => file.includes('/deployment/')))
  check('what the files of deploy/ name', provideDeployment);
if (files.some((file) => file.includes('/world/browsers/'))) check('Firefox and WebKit', provideBrowsers);
if (files.some((file) => /\/(world\/proxies\/|cli\/doctor|console\/networks-yours)/.test(file)))
  check('six proxies', provideWorldProxies);
if (files.some((file) => file.includes('/world/caches/'))) check('nginx and Varnish', provideCaches);
if (files.some((file) => /\/(world\/grpc\/|documents\/sh)/.test(file))) {
  check('protoc', provideProtoc);
  check('gRPC in Python and Go', provideGrpc);
  check('what judges gRPC', provideGrpcTools);
}
if (files.some((file) => file.includes('/world/clients/'))) {
  check('the client in Python', providePython);
  check('the client in Go', provideGo);
}
if (files.some((file) => file.includes('test/grpc/'))) check('protoc', provideProtoc);
if (files.some((file) => /\/(world|examples)\/runtimes/.test(file))) check('Bun and Deno', provideRuntimes);
if (files.some((file) => file.includes('/examples/frameworks')))
  check('Next and SvelteKit', provideFrameworks);
if (files.length === 0) fail(`no test file has ${filters.join(' or ')} in its path`);
else {
  const chromium = hasChromium && (await serveChromium());
  await runTests();
  if (chromium) await chromium.close();
}

for (const remark of remarks) console.log(remark);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 && count.passed > 0 ? 0 : 1);

function check(name, action) {
  let passed = false;
  try {
    passed = Boolean(action());
  } catch (error) {
    console.error(error.message);
  }
  if (passed) count.passed++;
  else fail(name);
  console.log(`${passed ? '✔' : '✖'} ${name}`);
  return passed;
}

function fail(remark) {
  count.failed++;
  remarks.push(`✖ ${remark}`);
}

function node(...args) {
  return succeeds(process.execPath, args);
}

function testFiles(folder) {
  const compiled = join('.build', folder);
  if (!existsSync(compiled)) return [];
  return readdirSync(compiled, { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(compiled, name))
    .sort();
}

function isWanted(file) {
  return filters.length === 0 || filters.some((filter) => file.includes(filter.replace(/\.ts$/, '.js')));
}

/** Each folder's files all along the run: those that need the processor then run beside those that wait, and not beside their like. */
function spread(files) {
  const siblings = (file) => files.filter((other) => dirname(other) === dirname(file));
  const placeOf = (file) => (siblings(file).indexOf(file) + 0.5) / siblings(file).length;
  return files
    .map((file) => ({ file, place: placeOf(file) }))
    .sort((one, other) => one.place - other.place)
    .map(({ file }) => file);
}

/** One for all files; without it each starts its own. */
async function serveChromium() {
  try {
    return await (await import(join(ROOT, '.build/test/support/chromium.js'))).serveChromium();
  } catch (error) {
    fail(`Chromium does not start: ${error.message}`);
  }
}

async function runTests() {
  // Not at the top: a Node too old for them is to be told so.
  const { run } = await import('node:test');
  const { spec } = await import('node:test/reporters');
  /** Tests that have begun and not ended, so that a file that hangs can name them. */
  const running = new Map();
  const keyOf = ({ file, line, column, name }) => [file, line, column, name].join('\n');

  // Node 20 ends a file at its time limit; later ones end a test, and a file that leaks a handle never ends.
  const stop = new AbortController();
  // Each file that runs listens to it, and Node 20 lets go of none that has ended.
  setMaxListeners(0, stop.signal);
  const giveUp = () => {
    fail(`nothing happened for ${IDLE_MS / 1000} s: the rest was given up`);
    stop.abort();
  };
  let idle = setTimeout(giveUp, IDLE_MS);
  const note = (action) => {
    clearTimeout(idle);
    idle = setTimeout(giveUp, IDLE_MS);
    action();
  };

  const paths = files.map((file) => join(ROOT, file));
  const stream = run({ files: paths, concurrency: AT_ONCE, timeout: TIMEOUT_MS, signal: stop.signal });
  stream.on('test:dequeue', (event) => note(() => running.set(keyOf(event), event)));
  stream.on('test:complete', (event) => note(() => running.delete(keyOf(event))));
  const took = [];
  stream.on('test:complete', ({ name, file, details }) => {
    if (name === file)
      took.push({ file: relative(join(ROOT, '.build'), file), seconds: details.duration_ms / 1000 });
  });
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return;
    if (event.skip === undefined && event.todo === undefined) count.passed++;
    else fail(`${event.name}: skipped tests count as failures`);
  });
  stream.on('test:fail', (event) => {
    const { error, type } = event.details;
    if (type === 'suite' || error?.failureType === 'subtestsFailed') return;
    fail(`${event.name}: ${error?.message.split('\n')[0]}`);
  });
  for await (const text of stream.compose(spec)) process.stdout.write(text);
  took.sort((one, other) => other.seconds - one.seconds);
  for (const { file, seconds } of took.slice(0, SLOWEST))
    console.log(`${seconds.toFixed(0).padStart(5)} s ${file}`);
  for (const { file, name } of running.values())
    if (file !== name) remarks.push(`  still running: ${name} (${file})`);
}
