/*
 * `npm run pictures`: every page of the console in .build/screenshots, to be looked at. In Chromium and Firefox light, dark, in
 * forced colours, at 200 % and on a phone; in WebKit the same without forced colours, which it does not have, and as much as its
 * window shows. The tests that go through the pages take them.
 */
import { spawnSync } from 'node:child_process';

const TESTS = ['test/console/', 'test/world/browsers/console'];

const { status } = spawnSync(process.execPath, ['scripts/test.mjs', ...TESTS], {
  stdio: 'inherit',
  env: { ...process.env, PICTURES: 'yes' },
});
process.exitCode = status ?? 1;
