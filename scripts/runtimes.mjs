// What the tests in test/world/ run beside Node: clients in Python and Go, and the runtimes Bun and Deno.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall } from './chromium.mjs';
import { succeeds } from './prepare.mjs';

/** Beside what the compiler writes, so that it outlives a build. */
const FOLDER = '.build/world';
const CLIENTS = 'test/world/clients';
const RUNTIMES = 'test/world/runtimes/versions';
/** What the Go client's module asks for. */
const GO_MINOR = 22;

/**
 * Sees that the client in Python has its packages, in an environment of its own.
 * @throws Error with one sentence that says what is missing
 */
export function providePython() {
  return unchanged(
    join(CLIENTS, 'python/requirements.txt'),
    join(FOLDER, 'python'),
    (requirements, folder) => {
      const create = () => spawnSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' }).status === 0;
      if (!create() && !(aptInstall('python3', 'python3-venv') && create())) {
        throw new Error(
          'The tests of clients need Python 3.10 or newer with venv: install it (Debian: `apt-get install python3 python3-venv`).',
        );
      }
      const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
      console.log(`pip install -r ${requirements}, into ${folder} …`);
      return succeeds(join(folder, 'bin/python'), args);
    },
  );
}

/**
 * Builds the client in Go, which fetches its modules if they are not there.
 * @throws Error with one sentence that says what is missing
 */
export function provideGo() {
  if (goMinor() === undefined) aptInstall('golang-go');
  const minor = goMinor();
  if (minor === undefined || minor < GO_MINOR) {
    const found = minor === undefined ? 'there is none' : `this is 1.${minor}`;
    throw new Error(
      `The tests of clients need Go 1.${GO_MINOR} or newer, and ${found}: get one from https://go.dev/dl.`,
    );
  }
  mkdirSync(FOLDER, { recursive: true });
  console.log(`go build, of ${CLIENTS}/go with its modules, into ${FOLDER} …`);
  return succeeds('go', [
    'build',
    '-C',
    join(CLIENTS, 'go'),
    '-buildvcs=false',
    '-o',
    `../../../../${FOLDER}/go-client`,
    '.',
  ]);
}

/**
 * Sees that Bun and Deno are there, in the versions that the tests name: 200 MB that nothing else needs.
 * @throws Error with one sentence that says what went wrong
 */
export function provideRuntimes() {
  return unchanged(join(RUNTIMES, 'package-lock.json'), join(FOLDER, 'runtimes'), (lock, folder) => {
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(RUNTIMES, 'package.json'), join(folder, 'package.json'));
    copyFileSync(lock, join(folder, 'package-lock.json'));
    console.log(`npm ci, of bun and deno, into ${folder} …`);
    // Their scripts would only link what their packages for this platform hold.
    const args = [
      'ci',
      '--prefix',
      folder,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    return succeeds('npm', args);
  });
}

/** Makes a folder anew unless it was made from the same file before; one that failed halfway is made again. */
function unchanged(file, folder, make) {
  const stamp = join(folder, 'made-from');
  if (existsSync(stamp) && readFileSync(stamp).equals(readFileSync(file))) return true;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  if (!make(file, folder))
    throw new Error(`${folder} could not be made: the words of what failed are above.`);
  copyFileSync(file, stamp);
  return true;
}

/** The minor version of an installed Go 1.x; undefined without one. */
function goMinor() {
  const { stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  const [, minor] = /^go1\.(\d+)/.exec(stdout ?? '') ?? [];
  return minor === undefined ? undefined : Number(minor);
}
