import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

function gzippedSize(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length;
}

test('the client, with all its transports, weighs 10 kB at most in a browser', () => {
  const size = gzippedSize('dist/client/browser.js');
  assert.ok(size <= 10_240, `${size} bytes after gzip`);
});

test('what browsers get needs nothing of Node’s and fetches nothing from elsewhere', () => {
  const web = readdirSync('dist/console/web', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => `dist/console/web/${file}`);
  for (const file of ['dist/client/browser.js', ...web]) {
    const code = readFileSync(file, 'utf8');
    // Of modules only the page's own chunks. As the bundler writes it: code that a page shows reads otherwise.
    const modules = [...code.matchAll(/(?:(?<=[}*\s])from|\bimport\(?)"([^"]*)"/g)].map(
      ([, module]) => module!,
    );
    if (file.endsWith('/main.js')) assert.ok(modules.length > 6, 'a chunk for each page');
    for (const module of modules) assert.match(module, /^\.\.?\//, file);
    assert.doesNotMatch(code, /\brequire\(/, file);
    // The first screen shows code for Node as text.
    if (!file.includes('/overview-')) assert.doesNotMatch(code, /["']node:/, file);
  }
});
