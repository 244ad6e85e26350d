// What the tests in test/world/ run beside Node: clients in Python and Go, and the runtimes Bun and Deno.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
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
  return pythonWith(join(CLIENTS, 'python/requirements.txt'), join(FOLDER, 'python'));
}

/**
 * Builds the client in Go, which fetches its modules if they are not there.
 * @throws Error with one sentence that says what is missing
 */
export function provideGo() {
  return goBuild(join(CLIENTS, 'go'), 'go-client', '.');
}

/**
 * Sees that the clients and services of gRPC in Python and Go are there, and the tools that judge it.
 * @throws Error with one sentence that says what is missing
 */
export function provideGrpc() {
  const python = join(FOLDER, 'grpc-python');
  const stubs = ['--python_out', '--grpc_python_out'].map((option) => `${option}=${python}`);
  return (
    pythonWith(join(CLIENTS, 'grpc/python/requirements.txt'), python) &&
    succeeds(join(python, 'bin/python'), [
      '-m',
      'grpc_tools.protoc',
      '-I=proto',
      ...stubs,
      'proto/fanwire/v1/hub.proto',
    ]) &&
    goBuild(join(CLIENTS, 'grpc/go'), 'grpc-go-client', '.') &&
    goBuild('examples/services/go', 'grpc-go-service', '.')
  );
}

/**
 * Builds the programs of others that judge gRPC, from a module that names them with their versions.
 * @throws Error with one sentence that says what is missing
 */
export function provideGrpcTools() {
  const module = join(CLIENTS, 'grpc/tools');
  const programs = readFileSync(join(module, 'tools.go'), 'utf8').matchAll(/^\t_ "(.*)"$/gm);
  return goBuild(module, 'bin/', ...[...programs].map(([, path]) => path));
}

/** An environment of Python's with the packages that a file lists. */
function pythonWith(requirementsFile, target) {
  return unchanged(requirementsFile, target, (requirements, folder) => {
    const create = () => spawnSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' }).status === 0;
    if (!create() && !(aptInstall('python3', 'python3-venv') && create())) {
      throw new Error(
        'The tests of clients need Python 3.10 or newer with venv: install it (Debian: `apt-get install python3 python3-venv`).',
      );
    }
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    console.log(`pip install -r ${requirements}, into ${folder} …`);
    return succeeds(join(folder, 'bin/python'), args);
  });
}

/** Builds packages of a module of Go's, whose own modules it fetches, into a file, or a folder where that ends with a slash. */
function goBuild(module, target, ...packages) {
  requireGo();
  mkdirSync(FOLDER, { recursive: true });
  console.log(`go build, of ${module} with its modules, into ${FOLDER} …`);
  const output = relative(module, FOLDER) + sep + target;
  return succeeds('go', ['build', '-C', module, '-buildvcs=false', '-o', output, ...packages]);
}

function requireGo() {
  if (goMinor() === undefined) aptInstall('golang-go');
  const minor = goMinor();
  if (minor === undefined || minor < GO_MINOR) {
    const found = minor === undefined ? 'there is none' : `this is 1.${minor}`;
    throw new Error(
      `The tests of clients need Go 1.${GO_MINOR} or newer, and ${found}: get one from https://go.dev/dl.`,
    );
  }
}

/**
 * Sees that Bun and Deno are there, in the versions that the tests name: 200 MB that nothing else needs.
 * @throws Error with one sentence that says what went wrong
 */
export function provideRuntimes() {
  return provideVersions('bun and deno', RUNTIMES, join(FOLDER, 'runtimes'));
}

/**
 * Installs what a folder with a lock file names.
 * @throws Error with one sentence that says what went wrong
 */
export function provideVersions(what, versions, into) {
  return unchanged(join(versions, 'package-lock.json'), into, (lock, folder) => {
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(versions, 'package.json'), join(folder, 'package.json'));
    copyFileSync(lock, join(folder, 'package-lock.json'));
    console.log(`npm ci, of ${what}, into ${folder} …`);
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
  mkdirSync(dirname(folder), { recursive: true });
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
