import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { button, card, choose, openInspector, step } from './support/inspector.ts';
import { SERVER_GONE } from './support/tab.ts';

test('the view can stand still while recording goes on, be cleared, and be walked by keyboard', async (t) => {
  const { url } = await startServe(t);
  const tab = await openInspector(t, url);
  await step(tab, 'comment, retry, id').waitFor();
  await button(tab, 'Pause').click();
  const before = await tab.getByRole('option').count();
  await button(tab, 'Publish').click();
  await tab.getByText('Paused; recording goes on: 5 more.').waitFor();
  assert.equal(await tab.getByRole('option').count(), before);
  await button(tab, 'Resume').click();
  await step(tab, 'Event').waitFor();

  const selected = tab.locator('[role=option][aria-selected=true]');
  await tab.getByRole('listbox').focus();
  await tab.keyboard.press('Home');
  await selected.getByText('GET').waitFor();
  await tab.keyboard.press('ArrowDown');
  await selected.getByText('200').waitFor();
  await button(tab, 'Step after').click();
  await selected.getByText('comment, retry, id').waitFor();
  await tab.getByRole('listbox').focus();
  await tab.keyboard.press('End');
  await selected.getByText('Event').waitFor();
  // What is pressed stays, also where it was the newest; what the keyboard ends at goes on with the newest.
  await step(tab, 'Event {').click();
  const pressed = await selected.innerText();
  await button(tab, 'Publish').click();
  await tab.getByRole('option').filter({ hasText: 'Event {' }).nth(1).waitFor();
  assert.equal(await selected.innerText(), pressed);

  await button(tab, 'Clear').click();
  await tab.getByText('Nothing has crossed the wire yet.').waitFor();
  await button(tab, 'Publish').click();
  await step(tab, 'Event').waitFor();
});

test('cut off, an EventSource comes back with Last-Event-ID; a WebSocket does not', async (t) => {
  const { url } = await startServe(t);
  const tab = await openInspector(t, url, { expected: SERVER_GONE });
  await button(tab, 'Publish').click();
  await step(tab, 'Event').waitFor();
  await button(tab, 'Cut').click();
  await step(tab, 'Closed by the hub').waitFor();
  await tab.getByRole('option').filter({ hasText: 'GET Server-sent events' }).nth(1).click();
  await card(tab).getByText('Last-Event-ID', { exact: true }).waitFor();
  await card(tab).getByText('The browser comes back by itself').waitFor();

  await choose(tab, 'WebSocket');
  await step(tab, '101 Switching').waitFor();
  await button(tab, 'Cut').click();
  await tab.getByText('The WebSocket closed with 1006. It does not come back by itself.').waitFor();
});

test('overhead is summed up by transport, with what the field says beside it', async (t) => {
  const { url } = await startServe(t);
  const tab = await openInspector(t, url);
  await choose(tab, 'WebSocket');
  await step(tab, '"heartbeat"').waitFor();
  const row = tab.locator('[data-purpose=websocket]');
  // One handshake, and one frame of up to 125 bytes.
  await row.locator('td').nth(3).getByText(/^2 B/).waitFor();
  await row.getByText('2 to 14 B').waitFor();
  await choose(tab, 'Polling');
  await tab
    .locator('[data-purpose=polling] td')
    .nth(1)
    .getByText(/^[5-9]\d\d B|^1,\d{3} B/)
    .waitFor();
  await tab.locator('[data-purpose=polling]').getByText('about 800 B').waitFor();
});
