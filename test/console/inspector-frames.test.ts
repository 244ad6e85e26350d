import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { button, card, choose, openInspector, serveWith, step } from './support/inspector.ts';

test('the accept key is worked out from the key that was sent, and is the hub’s', async (t) => {
  const { url } = await startServe(t);
  const tab = await openInspector(t, url);
  await choose(tab, 'WebSocket');
  await step(tab, '101 Switching').click();
  await card(tab).getByText('258EAFA5-E914-47DA-95CA-C5AB0DC85B11').waitFor();
  await card(tab).getByText('The hub sent exactly this').waitFor();
});

test('frames are taken apart to the bit: lengths of 7, 16 and 64 bits, masked upwards, not downwards', async (t) => {
  const { url } = await startServe(t);
  const tab = await openInspector(t, url);
  await choose(tab, 'WebSocket');
  await step(tab, '"heartbeat"').waitFor();
  const field = (name: string) => card(tab).locator('.bit-names > div').filter({ hasText: name });
  for (const [size, header, bits] of [
    ['As typed', 6, undefined],
    ['300 bytes', 8, '0000000100101100'],
    ['70,000 bytes', 14, '1'.concat('0001000101110000').padStart(64, '0')],
  ] as const) {
    await button(tab, 'Clear').click();
    await tab.getByRole('radio', { name: size }).check();
    await button(tab, 'Publish').click();
    await step(tab, '"ack"').waitFor();
    await tab.locator('[role=option].client').filter({ hasText: 'Text frame' }).first().click();
    await card(tab).getByText(`the header takes ${header} bytes`).waitFor();
    if (bits) await field('bits').getByText(bits).waitFor();
    await field('MASK').getByText('Masked, as all frames of a client.').waitFor();
    await card(tab).getByText('Unmasked: each byte').waitFor();
    await step(tab, /Text frame.*"id"/).click();
    await field('MASK').getByText('Not masked').waitFor();
  }
  await button(tab, 'Stop').click();
  await step(tab, 'Close frame').first().click();
  await card(tab).getByText('1000, the purpose is fulfilled').waitFor();
});

test('pings and pongs are shown when the hub asks for a sign of life', async (t) => {
  const { url } = await serveWith(t, { heartbeatMs: 1000 });
  const tab = await openInspector(t, url);
  await choose(tab, 'WebSocket');
  await step(tab, 'Ping frame').waitFor();
  await step(tab, 'Pong frame').click();
  await card(tab).getByText('The browser answers the ping').waitFor();
  const upkeep = tab.locator('[data-purpose=websocket] td').nth(4);
  await upkeep.getByText(/^[1-9]\d* B$/).waitFor();
});
