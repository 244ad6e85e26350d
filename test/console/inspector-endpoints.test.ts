import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { button, card, choose, openInspector, serveWith, step } from './support/inspector.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow } from './support/tab.ts';

test('GraphQL is shown from its subprotocol to the envelope around each message, gRPC from its request to the end of its stream', async (t) => {
  const { url } = await serveWith(t, { graphql: true, grpc: true, heartbeatMs: 1000 });
  const tab = await openInspector(t, url);
  const field = (name: string) =>
    card(tab)
      .locator('.fields > div')
      .filter({ has: tab.getByText(name, { exact: true }) });
  const figure = (purpose: string, name: string) =>
    tab.locator(`[data-purpose=${purpose}] td[data-name="${name}"]`);

  await choose(tab, 'GraphQL');
  await step(tab, /Text frame.*subscribe.*subscription/).click();
  await card(tab).getByText('An operation begins, under an id that the browser chooses.').waitFor();
  await button(tab, 'Publish').click();
  // The card follows the newest step, and there is a ping each second.
  await step(tab, /Text frame.*next.*"hello"/).waitFor();
  await button(tab, 'Pause').click();
  await step(tab, /Text frame.*next.*"hello"/).click();
  await field('type').getByText('next', { exact: true }).waitFor();
  await field('id').getByText('channel', { exact: true }).waitFor();
  await field('payload')
    .getByText(/^{"data":{"channel":{"id":/)
    .waitFor();
  await card(tab).locator('.bit-names').waitFor();
  await figure('graphql', 'Messages').getByText('1', { exact: true }).waitFor();
  // The header of the frame, and {"id":"channel","type":"next","payload":…}.
  await figure('graphql', 'Framing a message')
    .getByText(/^4[0-9] B/)
    .waitFor();
  await step(tab, '101 Switching').click();
  await field('Sec-WebSocket-Protocol').getByText('The language of the frames.').waitFor();
  await card(tab).getByText('The hub sent exactly this').waitFor();
  await step(tab, /Text frame.*next.*"hello"/).click();
  await keepScreenshots(tab, 'inspector-graphql');

  await button(tab, 'Clear').click();
  await choose(tab, 'gRPC');
  await step(tab, 'POST gRPC').click();
  await field('Connect-Protocol-Version').waitFor();
  await step(tab, /Body.*"channels"/).click();
  await field('flags').getByText('00000000').waitFor();
  await step(tab, /Envelope.*heartbeat/).waitFor();
  await button(tab, 'Publish').click();
  await step(tab, /Envelope.*"message"/).waitFor();
  await button(tab, 'Pause').click();
  await step(tab, /Envelope.*"message"/).click();
  await field('flags').getByText('00000000').waitFor();
  const [, length] = /([\d,]+) B behind these 5/.exec(await field('length').innerText())!;
  const text = await field('message').locator('code').innerText();
  assert.equal(Buffer.byteLength(text), Number(length));
  assert.deepEqual(JSON.parse(Buffer.from(JSON.parse(text).message.data, 'base64').toString()), {
    hello: 'world',
  });
  await figure('grpc', 'Messages').getByText('1', { exact: true }).waitFor();
  await figure('grpc', 'Upkeep')
    .getByText(/^[1-9]\d* B$/)
    .waitFor();
  assert.ok((await overflow(tab)) <= 0);
  await keepScreenshots(tab, 'inspector-grpc');
});

test('a call that the hub refuses ends with an envelope that says why, and a token is overwritten in each', async (t) => {
  const { url } = await serveWith(t, {
    graphql: true,
    grpc: true,
    operatorToken: 'the-token-of-the-operator-of-this-hub',
    channels: { 'demo:inspector': { read: 'nobody', publish: 'nobody' } },
  });
  const tab = await openTab(t, `${url}/inspector#token=the-token-of-the-operator-of-this-hub`, {
    expected: /status of 40\d/,
  });
  await button(tab, 'Start').click();
  await choose(tab, 'gRPC');
  await step(tab, /End of stream.*permission_denied/).click();
  await card(tab).getByText('00000010').waitFor();
  await step(tab, 'POST gRPC').click();
  await card(tab)
    .getByText(/^Bearer \*+$|^\*+$/)
    .waitFor();
  await choose(tab, 'GraphQL');
  await step(tab, 'GET GraphQL').click();
  await card(tab)
    .getByText(/^graphql-transport-ws, \*+$/)
    .waitFor();
});

test('a hub that serves neither says by which options one does', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/inspector`);
  for (const [label, option] of [
    ['GraphQL', '--graphql'],
    ['gRPC', '--grpc'],
  ]) {
    await tab.getByText(`${label} is not served by this hub: fanwire serve ${option} does.`).waitFor();
    assert.equal(await tab.getByRole('radio', { name: label! }).count(), 0);
  }
});
