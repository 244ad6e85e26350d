import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A project that has what would be published, and every package of this repository. */
export interface PackedProject {
  readonly folder: string;
  remove(): void;
}

/** What would be published, as one file. @param source this repository's own package, or that of a folder in it */
export function pack(folder: string, source = '.'): string {
  const args = [
    'pack',
    resolve(source),
    '--json',
    '--ignore-scripts',
    '--loglevel=error',
    '--pack-destination',
    folder,
  ];
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' }));
  return join(folder, filename);
}

export function packedProject(): PackedProject {
  const folder = mkdtempSync(join(tmpdir(), 'fanwire-packed-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync('node_modules')) {
    if (name !== 'fanwire') symlinkSync(resolve('node_modules', name), join(modules, name));
  }
  execFileSync('tar', ['-xzf', pack(folder), '-C', folder]);
  execFileSync('mv', [join(folder, 'package'), join(modules, 'fanwire')]);
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
