import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedLogs } from '../../src/lab/shared-log.ts';
import { append } from '../../src/log/conformance/asking.ts';
import { testLog } from '../../src/log/conformance/index.ts';
import { KEEPS_ALL } from '../../src/log/conformance/log-under-test.ts';
import { memoryLog } from '../../src/log/memory/memory-log.ts';

testLog({
  name: 'shared in a process',
  hasCensus: true,
  programs: 5,
  make: (_, limits) => sharedLogs(1, memoryLog(limits))[0]!,
});

test('what one node appends, each node that follows its channel is told of, until it has closed', async () => {
  const logs = sharedLogs(2);
  const told: string[] = [];
  for (const [index, log] of logs.entries()) {
    const appended = ({ channel }: { readonly channel: string }) => void told.push(`${index} of ${channel}`);
    await log.open({ appended, interrupted() {} }, () => KEEPS_ALL);
  }
  const [one, two] = logs as [(typeof logs)[0], (typeof logs)[0]];
  await one.follow('a');
  await two.follow('a');
  await two.follow('b');
  await append(one, 'a', 'x');
  await append(one, 'b', 'x');
  two.unfollow('a');
  await append(two, 'a', 'x');
  await two.close();
  await append(one, 'b', 'x');
  assert.deepEqual(told, ['0 of a', '1 of a', '1 of b', '0 of a']);
  await one.close();
});
