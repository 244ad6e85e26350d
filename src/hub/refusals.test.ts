import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryLog } from '../log/memory/memory-log.ts';
import { FanwireError } from '../protocol/errors.ts';
import { Hub } from './hub.ts';

test('what lies behind a refusal is reported once in a while for each code, and a fault each time', async (t) => {
  const reported: unknown[] = [];
  const hub = new Hub(memoryLog(), { onError: (error) => reported.push(error) });
  t.after(() => hub.close());
  const away = (cause: string) => new FanwireError('log_unavailable', 'the log is away', { cause });
  for (const cause of ['first', 'second', 'third'])
    assert.equal(hub.refuse(away(cause)).code, 'log_unavailable');
  hub.refuse(new FanwireError('authorisation_unavailable', 'no keys', { cause: 'keys' }));
  hub.refuse(new FanwireError('forbidden', 'no grant'));
  const fault = new TypeError('a fault');
  hub.refuse(fault);
  hub.refuse(fault);
  assert.deepEqual(reported, ['first', 'keys', fault, fault]);
  assert.equal(hub.meter.refusals.get('log_unavailable'), 3);
});
