import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';

const GENERATED = new Set(['node_modules', 'dist', '.build', '.git']);

/** The repository as somebody has it who has just cloned it: nothing installed, nothing built. */
export function freshCheckout(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fanwire-checkout-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  cpSync('.', folder, { recursive: true, filter: (path) => !GENERATED.has(basename(path)) });
  return folder;
}
