import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { longPolling } from '../../src/lab/clients/long-polling.ts';
import { Ledger } from '../../src/lab/ledger.ts';
import { Reception } from '../../src/lab/reception.ts';
import { startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import { swallow } from '../support/proxy/faults.ts';
import { startProxy } from '../support/proxy/proxy.ts';

/** A request is parked for a second, and given up after 1.2. */
const PACE = 50;

test('a parked request that nobody answers is given up, whatever is collected meanwhile, and the next one brings the message', async (t) => {
  const { hub, port } = await startHub(t);
  const proxy = await startProxy(t, port);
  proxy.use(swallow, { times: 1 });
  const ledger = new Ledger(hub, 'lab');
  const reception = new Reception(ledger);
  const ending = new AbortController();
  onEnd(t, () => ending.abort());
  await ledger.publish();
  longPolling.read({
    url: proxy.url,
    channel: ledger.channel,
    pace: PACE,
    reception,
    signal: ending.signal,
  });
  setFlagsFromString('--expose-gc');
  const collecting = setInterval(runInNewContext('gc'), 100);
  onEnd(t, () => clearInterval(collecting));
  await ledger.until(() => reception.missed === 0, 20_000);
  assert.deepEqual([reception.missed, reception.said], [0, ['gave up waiting']]);
});
