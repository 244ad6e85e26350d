// The browser that the tests drive: one that is there, else Debian's.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const USUAL_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Debian's Chromium without windows, the kind that Playwright drives: the same engine, for two thirds of a processor's time. */
const HEADLESS_SHELL = '/usr/bin/chromium-headless-shell';

/** What Debian's packages ask whether they may start a service; 101 is no. */
const POLICY = '/usr/sbin/policy-rc.d';

const ADVICE =
  'The browser tests need Chromium: install it (Debian: `apt-get install chromium`) or set CHROMIUM to its path.';

/** Path of an installed Chromium; the environment variable CHROMIUM goes before the usual places. */
export function findChromium() {
  return [process.env.CHROMIUM, ...USUAL_PATHS].find((path) => path && existsSync(path));
}

/** Path of a Chromium that has no windows, so that none of its pages can be hidden; undefined where CHROMIUM names one. */
export function findHeadlessShell() {
  return !process.env.CHROMIUM && existsSync(HEADLESS_SHELL) ? HEADLESS_SHELL : undefined;
}

/**
 * Path of a Chromium, installed by apt-get where that is possible.
 * @throws Error with one sentence that says how to install it
 */
export function provideChromium() {
  const found = findChromium();
  if (found) return found;
  if (aptInstall('chromium', 'chromium-headless-shell') || aptInstall('chromium')) {
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(ADVICE);
}

/** Installs Debian's packages where this user may; tells whether it did. */
export function aptInstall(...packages) {
  if (process.getuid?.() !== 0) return false;
  return (
    aptGet('update') &&
    withoutServices(packages, () => aptGet('install', '--no-install-recommends', ...packages))
  );
}

/** Debian starts a server as soon as it is installed, on its usual port. The tests only want its program. */
function withoutServices(packages, install) {
  const isMine = !existsSync(POLICY);
  if (isMine) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return install();
  } finally {
    if (isMine) rmSync(POLICY);
    // Nor when the machine starts the next time. Most packages bring no service, and many machines have no systemd.
    for (const name of packages) spawnSync('systemctl', ['disable', '--quiet', name], { stdio: 'ignore' });
  }
}

function aptGet(...args) {
  console.log(`apt-get ${args.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return (
    spawnSync('apt-get', ['-y', '-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
  );
}
