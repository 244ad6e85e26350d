// The servers that the tests of logs start for themselves: those that are installed, else Debian's.
import { spawnSync } from 'node:child_process';
import { aptInstall } from './chromium.mjs';

const SERVERS = ['redis-server', 'nats-server'];

/**
 * Sees that the servers are installed, by apt-get where that is possible.
 * @throws Error with one sentence that says how to install them
 */
export function provideEngines() {
  const missing = SERVERS.filter((server) => !isInstalled(server));
  if (missing.length === 0 || (aptInstall(...missing) && missing.every(isInstalled))) return true;
  const names = missing.join(' and ');
  throw new Error(
    `The tests of logs need ${names}: install it (Debian: \`apt-get install ${missing.join(' ')}\`).`,
  );
}

function isInstalled(server) {
  return spawnSync(server, ['--version'], { stdio: 'ignore' }).status === 0;
}
