import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { post } from '../support/http.ts';
import { button, CHANNEL, card, choose, openInspector, step } from './support/inspector.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, shifted, watchShifts } from './support/tab.ts';

const CASES: Readonly<Record<string, { arrives: RegExp; fields: readonly string[]; sentence: RegExp }>> = {
  Polling: {
    arrives: /Body.*"from":"outside"/,
    fields: ['accept', 'Asks for JSON: a poll.'],
    sentence: /answers at once, news or not/,
  },
  'Long polling': {
    arrives: /Body.*"from":"outside"/,
    fields: ['prefer', 'This makes a poll a long poll.'],
    sentence: /The hub parks the request/,
  },
  'Server-sent events': {
    arrives: /Event.*"from":"outside"/,
    fields: ['accept', 'Every EventSource sends it.'],
    sentence: /one answer that does not end/i,
  },
  'HTTP streaming': {
    arrives: /Line.*"from":"outside"/,
    fields: ['accept', 'Chooses HTTP streaming.'],
    sentence: /lines of JSON/,
  },
  WebSocket: {
    arrives: /Text frame.*"from":"outside"/,
    fields: ['sec-websocket-key', '16 random bytes in base64.'],
    sentence: /leave HTTP on this connection/,
  },
};

test('over every transport the request, its sentence and the message are shown, in two tabs at a time', async (t) => {
  const { url } = await startServe(t);
  const one = await openInspector(t, url);
  const other = await openInspector(t, url);
  for (const [transport, { arrives, fields, sentence }] of Object.entries(CASES)) {
    for (const tab of [one, other]) {
      await button(tab, 'Clear').click();
      await choose(tab, transport);
    }
    for (const tab of [one, other]) {
      await step(tab, `GET ${transport}`).waitFor();
      // A stream is ready when its head is there; a poll asks again and again.
      if (!transport.endsWith('olling')) await step(tab, /200 OK|101 Switching/).waitFor();
    }
    await post(url, CHANNEL, { from: 'outside' });
    for (const tab of [one, other]) {
      await step(tab, arrives).waitFor();
      await step(tab, `GET ${transport}`).click();
      await card(tab).getByText(sentence).waitFor();
      for (const field of fields) await card(tab).getByText(field).first().waitFor();
      await card(tab).getByText('0000  47 45 54 20').waitFor();
    }
  }
  assert.ok((await overflow(one)) <= 0);
});

test('one tab does not see what another sends', async (t) => {
  const { url } = await startServe(t);
  const one = await openInspector(t, url);
  const other = await openInspector(t, url);
  await step(one, 'GET').waitFor();
  await step(other, 'GET').waitFor();
  await button(one, 'Publish').click();
  await step(one, 'POST').waitFor();
  await step(other, 'Event').waitFor();
  assert.equal(await other.getByRole('option').filter({ hasText: 'POST' }).count(), 0);
});

test('the time that a request was parked is shown, while it lasts and afterwards', async (t) => {
  const { url } = await startServe(t);
  const tab = await openInspector(t, url);
  await choose(tab, 'Long polling');
  await tab.getByText(/Request \d+ is parked: \d+\.\d s/).waitFor();
  await button(tab, 'Publish').click();
  await tab
    .locator('.steps .parked')
    .getByText(/parked \d+\.\d{3} s/)
    .first()
    .waitFor();
  await step(tab, /200.*parked/).click();
  await card(tab).getByText('The request was parked until now.').waitFor();
});

test('nothing jumps, a narrow phone needs no sideways scrolling, and pictures are kept', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/inspector`);
  await watchShifts(tab);
  await tab.setViewportSize({ width: 360, height: 740 });
  await tab.reload();
  await button(tab, 'Start').click();
  await choose(tab, 'Long polling');
  await step(tab, 'GET Long polling').waitFor();
  await post(url, CHANNEL, { from: 'outside' });
  await step(tab, 'Body').waitFor();
  await choose(tab, 'WebSocket');
  await step(tab, '"heartbeat"').waitFor();
  await button(tab, 'Publish').click();
  await step(tab, '"ack"').waitFor();
  for (const kind of ['request', 'answer', 'body', 'frame']) {
    await tab.locator(`[role=option][data-kind=${kind}]`).last().click();
    assert.ok((await overflow(tab)) <= 0, kind);
  }
  assert.ok((await shifted(tab)) < 0.01, `layout shift of ${await shifted(tab)}`);
  await tab.locator('[role=option].client[data-kind=frame]').last().click();
  await keepScreenshots(tab, 'inspector-frame');
  await step(tab, '101 Switching').click();
  await keepScreenshots(tab, 'inspector-handshake');
  await step(tab, 'GET Long polling').click();
  await keepScreenshots(tab, 'inspector');
});
