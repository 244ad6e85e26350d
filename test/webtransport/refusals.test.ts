import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanwireError } from '../../src/protocol/errors.ts';
import { EAGER, inPage, openClientPage, startSecureHub, untilAlone } from './support/chromium-client.ts';

test('a token goes in the first message, and one that is refused later ends the session as on any wire', {
  timeout: 90_000,
}, async (t) => {
  let isValid = true;
  const { hub, url } = await startSecureHub(t, {
    heartbeatMs: 1_000,
    authorise({ token }) {
      if (token === undefined) return undefined;
      if (token === 'ada' && isValid) return { subject: 'ada', read: true, publish: true };
      throw new FanwireError('unauthenticated', 'not any more');
    },
  });
  const page = await openClientPage(t, url);
  await inPage(page, 'open', url, { ...EAGER, token: 'ada' });
  await inPage(page, 'subscribe', 'scores');
  await inPage(page, 'untilOver', 'webtransport');
  await inPage(page, 'publish', 'scores', 1);
  assert.deepEqual(await inPage(page, 'untilCount', 'scores', 1), [1]);
  await untilAlone(hub);
  assert.deepEqual(
    hub.connections().map(({ transport, subject }) => [transport, subject]),
    [['webtransport', 'ada']],
  );
  isValid = false;
  hub.disconnect(() => true);
  const status = await inPage(page, 'untilState', 'closed');
  assert.equal(status.state === 'closed' && status.code, 'unauthenticated');
});
