// The programs that tests start for themselves: those that are installed, else Debian's.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall } from './chromium.mjs';

// openssl makes the certificates of those that are reached by TLS.
const ENGINES = ['redis-server', 'nats-server', 'openssl'];
// What the rig of faults takes disks away with.
const FAULTS = [...ENGINES, 'prlimit'];
const PROXIES = ['nginx', 'haproxy', 'caddy'];
// What the files of deploy/ name.
const DEPLOYMENT = [...PROXIES, 'redis-server', 'redis-cli', 'nats-server', 'systemd-analyze'];
const WORLD_PROXIES = [...PROXIES, 'apache2', 'lighttpd', 'varnishd', 'openssl'];
const CACHES = ['nginx', 'varnishd'];
// WebKit has no headless form: Xvfb is its screen.
const BROWSERS = ['firefox-esr', 'WebKitWebDriver', 'Xvfb'];
/** Debian's packages are called after what they bring, but for these. */
const PACKAGES = {
  prlimit: 'util-linux',
  'redis-cli': 'redis-tools',
  'systemd-analyze': 'systemd',
  // Without the second it lacks the types that protos import.
  protoc: 'protobuf-compiler libprotobuf-dev',
  varnishd: 'varnish',
  WebKitWebDriver: 'webkit2gtk-driver',
  Xvfb: 'xvfb',
};

export function provideEngines() {
  return provide(ENGINES, 'The tests of logs');
}

export function provideFaults() {
  return provide(FAULTS, 'The tests under faults');
}

export function provideDeployment() {
  return provide(DEPLOYMENT, 'The tests of the deployment guide');
}

export function provideWorldProxies() {
  return provide(WORLD_PROXIES, 'The tests behind proxies as they are installed');
}

export function provideCaches() {
  return provide(CACHES, 'The tests behind caches');
}

export function provideProtoc() {
  return provide(['protoc'], 'What is generated from proto/');
}

export function provideBrowsers() {
  return provide(BROWSERS, 'The tests in Firefox and WebKit');
}

/**
 * Sees that programs are installed, by apt-get where that is possible; it says first what is missing and what for.
 * @throws Error with one sentence that says how to install them
 */
function provide(programs, who) {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) return true;
  const packages = missing.flatMap((program) => (PACKAGES[program] ?? program).split(' '));
  const need = `${who} need ${new Intl.ListFormat('en').format(missing)}`;
  console.log(`${need}.`);
  if (aptInstall(...packages) && missing.every(isInstalled)) return true;
  throw new Error(`${need}: install what is missing (Debian: \`apt-get install ${packages.join(' ')}\`).`);
}

/** Found as a shell finds it: not all of them can be asked for their version. */
function isInstalled(program) {
  return process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));
}
