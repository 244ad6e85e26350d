import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { startGrpcHub } from '../grpc/support/grpc-hub.ts';
import { makeDirectory } from '../support/directory.ts';
import { onEnd } from '../support/on-end.ts';

type Act = (t: TestContext, command: string) => Promise<void>;

/** The commands of docs/grpc.md. */
export const GRPC_COMMANDS: readonly (readonly [RegExp, Act])[] = [
  [/^npm install @connectrpc\/connect @bufbuild\/protobuf$/, assertPeers],
  [/^(grpcurl -plaintext|curl -s) .*127\.0\.0\.1:8080/, ask],
  [/^go install google\.golang\.org\//, assertModules],
  [/^protoc -I node_modules\/fanwire\/proto /, generateGo],
  [/^pip install grpcio grpcio-tools$/, assertRequirements],
  [/^python -m grpc_tools\.protoc -I node_modules\/fanwire\/proto /, generatePython],
];

const TOOLS = resolve('.build/world/bin');
const PYTHON = resolve('.build/world/grpc-python/bin');
const PATH = [TOOLS, PYTHON, process.env.PATH].join(':');
/**
 * Without an input: bash takes a socket, as Node gives it by default, for a network's, and unless another shell has started it, it reads
 * ~/.bashrc then, which may put other programs in front of these.
 */
const STDIO: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];

/** What each is to print, by a word in it. */
const PRINTS: readonly (readonly [string, RegExp])[] = [
  [' list', /^fanwire\.v1\.Hub$/m],
  ['Health/Check', /"SERVING"/],
  ['Hub/Publish', /"id": "\w+\.2"/],
  ['Hub/Subscribe', /"data": "eyJob21lIjowfQ=="/],
  ['Hub/Read', /"messages":\[\{"id":"\w+\.1"/],
];

async function assertPeers(_: TestContext, command: string): Promise<void> {
  const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const name of command.split(' ').slice(2)) assert.ok(name in peerDependencies, name);
}

/** Runs a command against a hub that has a message, until it has printed what it should. */
async function ask(t: TestContext, command: string): Promise<void> {
  const { hub, url } = await startGrpcHub(t);
  await hub.publish('scores', { home: 0 });
  const [, expected] = PRINTS.find(([word]) => command.includes(word))!;
  const here = command.replaceAll('127.0.0.1:8080', new URL(url).host);
  const child = spawn('bash', ['-c', `exec ${here}`], { env: { ...process.env, PATH }, stdio: STDIO });
  onEnd(t, () => child.kill('SIGKILL'));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (text: Buffer): void => {
      said += text;
      if (expected.test(said)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('close', () => reject(new Error(`${here} printed only: ${said}`)));
  });
}

/** They are built for the tests from a module that names them. */
async function assertModules(_: TestContext, command: string): Promise<void> {
  const tools = readFileSync('test/world/clients/grpc/tools/tools.go', 'utf8');
  for (const path of command.split(' ').slice(2)) assert.ok(tools.includes(`"${path.split('@')[0]}"`), path);
}

async function assertRequirements(_: TestContext, command: string): Promise<void> {
  const requirements = readFileSync('test/world/clients/grpc/python/requirements.txt', 'utf8');
  for (const name of command.split(' ').slice(2)) assert.match(requirements, new RegExp(`^${name}==`, 'm'));
}

async function generateGo(t: TestContext, command: string): Promise<void> {
  const folder = await generate(t, command);
  const committed = 'examples/services/go/fanwirev1';
  for (const name of readdirSync(committed)) {
    const fresh = readFileSync(join(folder, 'fanwirev1', name), 'utf8');
    assert.equal(withoutVersions(fresh), withoutVersions(readFileSync(join(committed, name), 'utf8')), name);
  }
}

/** Of protoc, which is Debian's. */
function withoutVersions(text: string): string {
  return text.replace(/^\/\/ .*\bprotoc +v.*$/gm, '');
}

async function generatePython(t: TestContext, command: string): Promise<void> {
  const folder = await generate(t, command);
  assert.deepEqual(readdirSync(join(folder, 'fanwire/v1')).sort(), ['hub_pb2.py', 'hub_pb2_grpc.py']);
}

/** Runs a generator where the package is installed. */
async function generate(t: TestContext, command: string): Promise<string> {
  const folder = await makeDirectory(t);
  execFileSync('mkdir', ['-p', join(folder, 'node_modules')]);
  symlinkSync(resolve('.'), join(folder, 'node_modules/fanwire'));
  execFileSync('bash', ['-c', command], { cwd: folder, env: { ...process.env, PATH }, stdio: STDIO });
  return folder;
}
