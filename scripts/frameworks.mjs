// The examples whose frameworks build an application of their own: installed once, and built with the package as it would be published.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, succeeds } from './prepare.mjs';
import { provideVersions } from './runtimes.mjs';

const BUILDS = { next: ['next/dist/bin/next', 'build'], sveltekit: ['vite/bin/vite.js', 'build'] };

/**
 * Sees that the examples for Next and SvelteKit are built, in `.build/examples`: 350 MB and 35 MB with their packages.
 * @throws Error with one sentence that says what went wrong
 */
export function provideFrameworks() {
  return Object.entries(BUILDS).every(([name, build]) => {
    const folder = join('.build/examples', name);
    provideVersions(name, join('test/examples/versions', name), folder);
    cpSync(join('examples/servers', name), folder, { recursive: true });
    return unpackInto(join(folder, 'node_modules/fanwire')) && run(folder, build);
  });
}

function unpackInto(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const { stdout } = spawnSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder],
    {
      encoding: 'utf8',
    },
  );
  const [{ filename }] = JSON.parse(stdout);
  const file = join(folder, filename);
  const unpacked = succeeds('tar', ['-xzf', file, '-C', folder, '--strip-components=1']);
  rmSync(file);
  return unpacked;
}

function run(folder, [file, ...args]) {
  console.log(`${args.join(' ')}, in ${folder} …`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('node_modules', file), ...args], {
    cwd: join(ROOT, folder),
    encoding: 'utf8',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (status !== 0) console.error(`${stdout}\n${stderr}`);
  return status === 0;
}
