import assert from 'node:assert/strict';
import { test } from 'node:test';
import { warningOf } from './server-version.ts';

test('an old server is warned of when it keeps several copies, by both numbers', () => {
  for (const version of ['2.9.10', '2.12.1', '2.14.9-beta.1', '1.99.0']) {
    assert.match(
      warningOf(version, 3)!,
      new RegExp(`3 replicas on nats-server ${version}.*Use nats-server 2.15`),
    );
    assert.equal(warningOf(version, 1), undefined);
  }
  for (const version of ['2.15.0', '2.15.2', '2.16.0', '3.0.0'])
    assert.equal(warningOf(version, 3), undefined);
});
