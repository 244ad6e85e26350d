import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { validate } from 'dockerfile-utils';
import { makeDirectory } from '../support/directory.ts';
import { freePort } from '../support/free-port.ts';
import { send } from '../support/http.ts';
import { operatorHeaders, SECRET, startServed } from './served-hub.ts';

/*
 * No engine of containers is asked: a test can't have one, nor the image that the file builds upon. Its steps are taken one by one in a
 * directory that stands for the container's root, on the Node of the test.
 */

interface Step {
  readonly instruction: string;
  readonly text: string;
}

const FILE = readFileSync('Dockerfile', 'utf8');
const STEPS: readonly Step[] = FILE.replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [instruction = '', ...words] = line.trim().split(/\s+/);
    return { instruction, text: words.join(' ') };
  });

/** The user `node` of the image; who is not root here runs it as itself, which is as good. */
const NODE_USER = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : undefined;

test('the Dockerfile has no fault that a linter knows', () => {
  assert.deepEqual(validate(FILE), []);
});

test('its steps make a hub that runs as a user without rights, is well, and ends on SIGTERM', async (t) => {
  const image = await followSteps(t);
  const port = await freePort();
  const env = {
    ...image.env,
    FANWIRE_SECRET: SECRET,
    FANWIRE_LOG: `lmdb:${image.inRoot('/var/lib/fanwire')}`,
  };
  assert.equal(image.user, 'node');
  const command = [...image.entrypoint, ...image.command];
  const options = { ...NODE_USER, cwd: image.directory, env, port };

  const hub = await startServed(t, [...command, '--grpc'], options);
  const headers = { ...(await operatorHeaders()), 'content-type': 'text/plain' };
  const answer = await send(`${hub.url}/channels/news`, { method: 'POST', headers, body: 'it works' });
  assert.equal(answer.status, 201);
  const [program = '', ...args] = image.healthcheck;
  const { PATH } = process.env;
  const health = () =>
    spawnSync(program, args, {
      cwd: image.directory,
      env: { ...env, PATH, FANWIRE_PORT: `${port}` },
      ...NODE_USER,
    }).status;
  assert.equal(health(), 0);
  // As long as `docker stop` waits by default.
  await hub.endsWithin(10);
  assert.equal(health(), 1);
});

test('without a secret the image refuses to serve everyone, and says what to set', async () => {
  const { FANWIRE_HOST = '' } = envOf(STEPS.filter(({ instruction }) => instruction === 'ENV'));
  const { PATH } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', 'serve'], {
    env: { PATH, FANWIRE_HOST },
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /0\.0\.0\.0 can be reached from other computers and no authorisation is configured/);
});

/** Takes every step; what is none that this knows fails. */
async function followSteps(t: TestContext) {
  const root = await makeDirectory(t);
  chmodSync(root, 0o755);
  const inRoot = (path: string) => join(root, path);
  const context = inRoot('context');
  copyContext(context);
  let directory = root;
  const ends = { user: '', env: {}, entrypoint: [''], command: [''], healthcheck: [''] };
  for (const { instruction, text } of STEPS) {
    switch (instruction) {
      case 'WORKDIR':
        directory = inRoot(text);
        mkdirSync(directory, { recursive: true });
        break;
      case 'COPY': {
        const [, from, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(text)!;
        const words = paths.split(' ');
        const target = join(directory, words.pop()!);
        for (const source of words) {
          const path = from === undefined ? join(context, source) : inRoot(source);
          const into = words.length > 1 || /\/$/.test(text) ? join(target, basename(path)) : target;
          cpSync(path, source === '.' ? directory : into, { recursive: true, verbatimSymlinks: true });
        }
        break;
      }
      case 'RUN':
        run(text, directory, inRoot);
        break;
      case 'ENV':
        Object.assign(ends.env, envOf([{ instruction, text }]));
        break;
      case 'USER':
        ends.user = text;
        break;
      case 'HEALTHCHECK':
        ends.healthcheck = JSON.parse(text.slice(text.indexOf('[')));
        break;
      case 'ENTRYPOINT':
        ends.entrypoint = JSON.parse(text);
        break;
      case 'CMD':
        ends.command = JSON.parse(text);
        break;
      case 'ARG':
      case 'FROM':
      case 'EXPOSE':
        break;
      default:
        assert.fail(`nobody follows ${instruction}`);
    }
  }
  return { ...ends, directory, inRoot };
}

/** The repository but for what `.dockerignore` names, and for what git does not have. */
function copyContext(context: string): void {
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
  cpSync('.', context, {
    recursive: true,
    filter: (path) => !ignored.includes(path) && !['node_modules', 'dist', '.build'].includes(basename(path)),
  });
}

function run(command: string, directory: string, inRoot: (path: string) => string): void {
  if (command === 'npm ci --ignore-scripts') {
    // What it would install is here already, as that of `npm ci`.
    assert.ok(existsSync(join(directory, 'package-lock.json')));
    // As links, where both are on one file system.
    execFileSync('sh', ['-c', 'cp -al node_modules "$0" 2> /dev/null || cp -a node_modules "$0"', directory]);
    return;
  }
  const [, owned] = /^install -d -o node -g node (\S+)$/.exec(command) ?? [];
  if (owned) {
    mkdirSync(inRoot(owned), { recursive: true });
    if (NODE_USER) chownSync(inRoot(owned), NODE_USER.uid, NODE_USER.gid);
    return;
  }
  execFileSync('sh', ['-ec', command], { cwd: directory, stdio: 'pipe' });
}

function envOf(steps: readonly Step[]): Record<string, string> {
  return Object.fromEntries(
    steps.flatMap(({ text }) => text.split(' ')).map((pair) => pair.split('=') as [string, string]),
  );
}
