import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

function gzippedSize(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length;
}

test('the client, with all its transports, weighs 9 kB at most in a browser', () => {
  const size = gzippedSize('dist/client/browser.js');
  assert.ok(size <= 9216, `${size} bytes after gzip`);
});

test('the start page weighs less than 100 kB in all', () => {
  const files = ['index.html', 'main.js', 'style.css'];
  const size = files.reduce((sum, file) => sum + gzippedSize(`dist/console/page/${file}`), 0);
  assert.ok(size < 100_000, `${size} bytes after gzip`);
});

test('what browsers get needs nothing of Node’s and fetches nothing from elsewhere', () => {
  for (const file of ['dist/client/browser.js', 'dist/console/page/main.js']) {
    const code = readFileSync(file, 'utf8');
    assert.doesNotMatch(code, /from\s*["'][^"']*["']|\brequire\(|["']node:/, file);
  }
});
