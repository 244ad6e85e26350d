// The servers that tests start for themselves: those that are installed, else Debian's.
import { spawnSync } from 'node:child_process';
import { aptInstall } from './chromium.mjs';

// openssl makes the certificates of those that are reached by TLS.
const ENGINES = ['redis-server', 'nats-server', 'openssl'];
// What the rig of faults takes disks away with.
const FAULTS = [...ENGINES, 'prlimit'];
const PROXIES = ['nginx', 'haproxy', 'caddy'];
/** Each asks for its version in its own way, and one of them in one way only. */
const VERSION_ARGUMENTS = { nginx: '-v', haproxy: '-v', caddy: 'version', openssl: 'version' };

export function provideEngines() {
  return provide(ENGINES, 'The tests of logs');
}

export function provideFaults() {
  return provide(FAULTS, 'The tests under faults');
}

export function provideProxies() {
  return provide(PROXIES, 'The tests of the deployment guide');
}

/** Debian's packages are called after what they bring, but for this. */
const PACKAGES = { prlimit: 'util-linux' };

/**
 * Sees that servers are installed, by apt-get where that is possible.
 * @throws Error with one sentence that says how to install them
 */
function provide(servers, who) {
  const missing = servers.filter((server) => !isInstalled(server));
  const packages = missing.map((server) => PACKAGES[server] ?? server);
  if (missing.length === 0 || (aptInstall(...packages) && missing.every(isInstalled))) return true;
  const names = missing.join(' and ');
  throw new Error(`${who} need ${names}: install it (Debian: \`apt-get install ${missing.join(' ')}\`).`);
}

function isInstalled(server) {
  return spawnSync(server, [VERSION_ARGUMENTS[server] ?? '--version'], { stdio: 'ignore' }).status === 0;
}
