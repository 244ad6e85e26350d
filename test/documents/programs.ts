import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, type TestContext, test } from 'node:test';
import { transformSync } from 'esbuild';
import { runCli } from '../support/cli.ts';
import { untilListening } from '../support/daemon.ts';
import { freePort } from '../support/free-port.ts';
import { startHub } from '../support/hub.ts';
import { allBlocks, type Block, blocksOf, placeOf } from './markdown.ts';
import { isAsShown } from './transcript.ts';

/** The address that the documents' servers listen on; a free port takes its place. */
const SHOWN_PORT = '3000';

/** Longer than any of them takes: then what it has printed is all that it will. */
const PROGRAM_MS = 15_000;

// Within the repository, so that a program there that imports fanwire gets what was built.
mkdirSync('.build', { recursive: true });
const folder = mkdtempSync(join('.build', 'documents-'));
after(() => rmSync(folder, { recursive: true }));
let written = 0;

/** Runs all blocks in a language: programs, config files, servers, and clients. */
export function runBlocks(language: 'js' | 'ts'): void {
  for (const block of allBlocks(language)) {
    test(`${placeOf(block)}: the program does what is shown`, { timeout: 20_000 }, async (t) => {
      const [use = '', file] = block.kind.slice(language.length + 1).split(' ');
      switch (use) {
        case 'file':
          return assertStandsIn(file!, block.text);
        case '':
          return runProgram(t, block.text);
        case 'config':
          return checkConfig(t, block.text);
        case 'server':
          await startServer(t, block);
          return;
        case 'client':
          return runClient(t, block);
        default:
          assert.fail(`nothing runs "${block.kind}"`);
      }
    });
  }
}

/** Runs it until it has printed what stands behind `// →`, or, where nothing does, to its end. */
async function runProgram(t: TestContext, text: string): Promise<void> {
  const child = start(t, text, PROGRAM_MS);
  const ended = once(child, 'exit');
  const expected = [...text.matchAll(/\/\/ → (.*)/g)].map(([, line]) => line!);
  if (expected.length === 0) return assert.deepEqual(await ended, [0, null]);
  const printed: string[] = [];
  for await (const line of createInterface(child.stdout!)) {
    printed.push(line);
    const at = expected.findIndex((shown) => isAsShown(shown, line));
    if (at !== -1) expected.splice(at, 1);
    if (expected.length === 0) return;
  }
  assert.deepEqual(expected, [], `it ended, and had printed only ${JSON.stringify(printed)}`);
}

async function checkConfig(t: TestContext, text: string): Promise<void> {
  const file = write(text);
  const { stdout, stderr } = await runCli(t, ['check-config', file]);
  assert.equal(stdout, `${file} is ok\n`, stderr);
}

/** An excerpt of a program that another test runs. */
function assertStandsIn(file: string, text: string): void {
  assert.ok(readFileSync(file, 'utf8').includes(text), `it does not stand in ${file}`);
}

/** Its document's server is the one that it talks to; where there is none, a hub that knows its requests. */
async function runClient(t: TestContext, { document, text }: Block): Promise<void> {
  const [server] = serversOf(document);
  const port = server ? await startServer(t, server) : await startStandIn(t);
  await runProgram(t, text.replaceAll(SHOWN_PORT, `${port}`));
}

async function startStandIn(t: TestContext): Promise<number> {
  const { hub, port } = await startHub(t, {
    requests: { add: (data) => add(data as { a: number; b: number }) },
  });
  await hub.publish('scores', { home: 0, away: 0 });
  return port;
}

function add({ a, b }: { a: number; b: number }): number {
  return a + b;
}

export function serversOf(document: string): Block[] {
  return blocksOf(document).filter(({ kind }) => /^[jt]s server$/.test(kind));
}

/** Starts it with its document's pages beside it, under the names that they are shown with. Resolves once it answers. */
export async function startServer(
  t: TestContext,
  { text }: Block,
  pages: readonly Block[] = [],
): Promise<number> {
  const port = await freePort();
  for (const { kind, text } of pages) writeFileSync(join(folder, kind.split(' ')[1]!), text);
  const child = start(t, text.replaceAll(SHOWN_PORT, `${port}`));
  const ended = once(child, 'exit').then(() => assert.fail('the server has ended'));
  await Promise.race([untilListening(port), ended]);
  return port;
}

function start(t: TestContext, text: string, timeout?: number) {
  const child = spawn(process.execPath, [write(text)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(timeout && { timeout }),
  });
  t.after(() => child.kill('SIGKILL'));
  child.stderr.on('data', (said) => t.diagnostic(`${said}`));
  return child;
}

function write(text: string): string {
  const file = join(folder, `${++written}.mjs`);
  // Not every Node that is supported strips types by itself.
  writeFileSync(file, transformSync(text, { loader: 'ts' }).code);
  return file;
}
