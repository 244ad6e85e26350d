import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judged } from '../../src/lab/claims.ts';
import type { JudgedCell, LabReport } from '../../src/lab/lab.ts';
import { runCli } from '../support/cli.ts';

test('where upgrades are refused a WebSocket gets nothing, the others come back, and the SDK goes on by SSE', async (t) => {
  const { code, stdout, stderr } = await runCli(t, ['lab', '--only', 'no-upgrade', '--json']);
  assert.deepEqual([code, stderr], [0, '']);
  const { lostSilently, networks, techniques } = JSON.parse(stdout) as LabReport;
  const [{ network, cells, messages, conclusion } = assert.fail('no network'), ...others] = networks;
  assert.deepEqual([lostSilently, network, others], [0, 'no-upgrade', []]);
  assert.deepEqual(
    cells.map(({ technique }) => technique),
    techniques.map(({ name }) => name),
  );
  const of = (name: string): JudgedCell => cells.find(({ technique }) => technique === name)!;
  for (const cell of cells) assert.equal(cell.doubled, 0, cell.technique);
  for (const cell of cells.filter((each) => each !== of('websocket'))) {
    assert.deepEqual([cell.works, cell.missed], ['yes', 0], cell.technique);
    assert.notEqual(cell.claim?.verdict, 'not agreed', cell.technique);
  }
  const refused = of('websocket');
  assert.deepEqual([refused.works, refused.missed], ['no', messages]);
  // The cut may meet an attempt that is under way.
  assert.deepEqual(
    [...new Set(refused.said)].filter((text) => text !== 'read ECONNRESET'),
    ['answer 200'],
  );
  assert.deepEqual(refused.claim, { claim: 'may block the upgrade', verdict: 'agreed' });
  // A claim is not agreed with whatever is read.
  assert.equal(judged({ network, tls: 'none' }, { ...refused, works: 'yes' }, 5)?.verdict, 'not agreed');
  // An EventSource comes back no sooner than the hub's `retry:` says, and nobody without having been away.
  assert.ok(of('sse').sentLastEventId && of('sse').backMs! >= 1900, `${of('sse').backMs}`);
  assert.ok(of('http-streaming').backMs! >= 900);
  assert.match(of('fanwire').said.at(-1)!, /^sse works, not websocket refused/);
  assert.match(
    conclusion,
    /^Here websocket got nothing; fanwire's client used sse, .* and missed nothing\.$/,
  );
});

test('a proxy that buffers holds no stream back that it can’t read, and holds it back where it decrypts', async (t) => {
  const args = ['lab', '--only', 'buffering-proxy', '--tls', 'end-to-end,inspected', '--json'];
  const { code, stdout, stderr } = await runCli(t, args);
  assert.deepEqual([code, stderr], [0, '']);
  const { networks } = JSON.parse(stdout) as LabReport;
  const became = networks.map(({ tls, cells }) => {
    const { works, claim } = cells.find(({ technique }) => technique === 'sse')!;
    return [tls, works, claim?.verdict];
  });
  assert.deepEqual(became, [
    ['end-to-end', 'yes', 'agreed'],
    ['inspected', 'no', 'agreed'],
  ]);
  const sdk = networks.map(({ cells }) => cells.find(({ technique }) => technique === 'fanwire')!);
  assert.deepEqual(
    sdk.map(({ works, missed }) => [works, missed]),
    [
      ['yes', 0],
      ['yes', 0],
    ],
  );
});
