// What `npm start` and `npm test` need before they can begin. Plain Node: it runs when nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The product that a build writes last: newer than every source, the build is complete and current. */
export const LAST_PRODUCT = 'dist/client/browser.js';
const SOURCES = [
  'src',
  'examples',
  'engines/webtransport/src',
  'scripts/build.mjs',
  'tsconfig.json',
  'tsconfig.dist.json',
  'package-lock.json',
];

export function readJson(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

/** Runs a command in the repository with this terminal, and tells whether it succeeded. */
export function succeeds(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
}

export function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

export function requireNode() {
  const required = readJson('package.json').engines.node.replace('>=', '');
  const [major, minor] = required.split('.').map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  stop(
    `fanwire needs Node ${required} or newer, and this is ${process.versions.node}: get one from https://nodejs.org`,
  );
}

export function install() {
  if (isInstalled()) return;
  console.log('Installing packages …');
  // Errors alone: what npm warns of is nothing that somebody who starts a hub could mend.
  if (!succeeds('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']))
    stop('`npm ci` failed: its own words are above.');
}

export function build(...args) {
  return succeeds(process.execPath, ['scripts/build.mjs', ...args]);
}

export function buildIfStale() {
  if (isBuilt()) return;
  console.log('Building …');
  if (!build('--quiet')) stop('The build failed: its own words are above.');
}

// Versions are compared, not file times: a checkout touches the lock file without changing it.
function isInstalled() {
  const record = 'node_modules/.package-lock.json';
  if (!existsSync(join(ROOT, record))) return false;
  const wanted = Object.entries(readJson('package-lock.json').packages).filter(([path]) => path !== '');
  const present = readJson(record).packages;
  return wanted.every(([path, { version, optional, peer }]) =>
    path in present ? present[path].version === version : optional || peer,
  );
}

function isBuilt() {
  const product = join(ROOT, LAST_PRODUCT);
  return (
    existsSync(product) && SOURCES.every((source) => newest(join(ROOT, source)) < statSync(product).mtimeMs)
  );
}

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  // The folder's own time tells of files that were removed.
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
