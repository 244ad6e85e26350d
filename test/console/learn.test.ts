import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { until } from './support/operate.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, SERVER_GONE, shifted, watchShifts } from './support/tab.ts';

test('the constraint: three experiments run by themselves, and claim and reading stand side by side', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, 'about:blank');
  await watchShifts(tab);
  await tab.setViewportSize({ width: 360, height: 740 });
  await tab.goto(`${url}/learn`);
  const experiment = (name: string) => tab.getByRole('region', { name, exact: true });
  const arrows = (name: string, says: string | RegExp) =>
    experiment(name).locator('.arrow').filter({ hasText: says });

  // As long as the page waits before it asks again, and no shorter.
  await experiment('Request and response')
    .getByText(/^The hub knew for [2-9]\.\d\d s before it could say so/)
    .waitFor();
  await experiment('Request and response')
    .getByText(/the hub knows, and can’t say: [2-9]\.\d\d s/)
    .waitFor();
  assert.equal(await arrows('Request and response', 'GET').count(), 2);
  await arrows('Request and response', 'something happened').waitFor({ state: 'attached' });

  await experiment('Half duplex')
    .getByText(/3 requests took turns, .*: at most 1 under way/)
    .waitFor();
  assert.deepEqual(await arrows('Half duplex', /^/).locator('b').allTextContents(), [
    ...['POST', '201', 'POST', '201', 'POST', '201'],
  ]);

  await experiment('Full duplex')
    .getByText(/up to [1-3] messages .* and 4 messages came down/)
    .waitFor();
  assert.equal(await arrows('Full duplex', 'GET').count(), 1);
  await tab.getByText('All three were made by this page just now.').waitFor();
  assert.ok((await overflow(tab)) <= 0);
  assert.ok((await shifted(tab)) < 0.02, `layout shift of ${await shifted(tab)}`);
  await keepScreenshots(tab, 'learn-constraint');
});

test('the tour: it starts by itself, goes from step to step by keyboard, and sends what is asked for', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, 'about:blank', { expected: SERVER_GONE });
  await watchShifts(tab);
  await tab.goto(`${url}/learn/step-by-step`);
  const arrow = (says: string | RegExp) => tab.locator('.arrow').filter({ hasText: says });
  const press = (name: string) => tab.getByRole('button', { name, exact: true }).press('Enter');
  const choose = (transport: string) => tab.getByRole('radio', { name: transport }).check();
  const reads = (says: RegExp) => tab.locator('.stop .read').getByText(says).waitFor();
  await arrow('GET Polling').first().waitFor();
  await reads(/^The head of this request takes [5-9]\d\d B\.$/);

  await choose('Long polling');
  await press('Next');
  await tab.getByText('Nothing: not a byte, in neither direction.').waitFor();
  await tab
    .locator('.held')
    .getByText(/^parked \d+\.\d s of 10 s$/)
    .waitFor();
  await press('Next');
  await press('Publish an event');
  await reads(
    /^The request was parked for [\d.]+ m?s\. It came [\d.]+ m?s after the hub had read the event\.$/,
  );
  await press('Next');
  await reads(/^One message is in its \d+ B\.$/);
  await press('Next');
  await reads(/^Nobody listened for [\d.]+ m?s\.$/);

  await choose('Server-sent events');
  await arrow('Chunk').first().waitFor();
  await tab.getByRole('radio', { name: 'A typed event' }).check();
  await press('Send it');
  await tab.locator('.bytes-of').getByText('goal', { exact: true }).waitFor();
  for (let nth = 1; nth < 5; nth++) await press('Next');
  await press('Cut the connection');
  await reads(/^Back after \d\.\d\d s, with Last-Event-ID \w+\.\d+\.$/);

  await choose('WebSocket');
  await arrow('101').waitFor();
  await tab.getByRole('radio', { name: 'Bytes' }).check();
  await press('Send it');
  await arrow(/Hub to browser.*Binary frame/).waitFor();
  await tab
    .locator('.bytes-of')
    .getByText(/ca fe ba be/)
    .first()
    .waitFor();
  for (let nth = 1; nth < 6; nth++) await press('Next');
  await tab.locator('.stop').getByRole('button', { name: 'Ask for a ping' }).press('Enter');
  await reads(/^The pong came after [\d.]+ m?s: 2 and 6 bytes\.$/);
  assert.equal(await arrow('Ping frame').count(), 1);
  await press('Next');
  await press('Close it');
  await reads(/^Opcode 8, code 1000\.$/);
  assert.ok((await shifted(tab)) < 0.02, `layout shift of ${await shifted(tab)}`);
  await keepScreenshots(tab, 'learn-step-by-step');
});

test('what it costs: measured by four transports at once, multiplied by the users that one has', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, 'about:blank');
  await watchShifts(tab);
  await tab.goto(`${url}/learn/cost`);
  const cells = (name: string) => tab.locator(`[data-measured=${name}] td`).allTextContents();
  const rate = (name: string) => tab.locator(`[data-transport=${name}]`);
  const bytes = (text: string | undefined) => Number(/^([\d,]+) B$/.exec(text ?? '')?.[1]?.replace(',', ''));
  await tab
    .getByText(/^2 B a message over a WebSocket, 1\/\d+ of a poll’s heads; a ping with its pong takes 8 B\.$/)
    .waitFor();
  await tab.getByText(/^Measured on real connections of this page/).waitFor();
  const [empty, message, heads] = (await cells('polling')).map(bytes);
  assert.ok(empty! > heads! && message! > empty! && heads! > 500, `${empty}, ${message}, ${heads}`);
  assert.deepEqual((await cells('websocket'))[2], '2 B');
  assert.ok((await cells('long-polling')).map(bytes).every((each) => each > 500));

  await rate('polling').getByText('500', { exact: true }).waitFor();
  await tab.getByRole('button', { name: '10,000 every 5 s' }).press('Enter');
  await rate('polling').getByText('2,000', { exact: true }).waitFor();
  await tab.getByRole('spinbutton', { name: 'Messages an hour for each' }).fill('0');
  const perSecond = (2000 * empty!) / 1e6;
  const told = await rate('polling').locator('.rate').textContent();
  assert.ok(
    Math.abs(Number.parseFloat(told!) - perSecond) < 0.1 && told!.endsWith(' MB/s'),
    `${told}, ${perSecond}`,
  );
  await rate('websocket').getByText('0 B/s', { exact: true }).waitFor();
  assert.ok((await shifted(tab)) < 0.02, `layout shift of ${await shifted(tab)}`);
  await keepScreenshots(tab, 'learn-cost');
});

test('coming back: what fails is left, what works is taken, waits grow, and nothing is lost', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, 'about:blank', { expected: SERVER_GONE });
  await watchShifts(tab);
  await tab.goto(`${url}/learn/coming-back`);
  const obstacle = (name: RegExp) => tab.getByRole('checkbox', { name });
  const now = (says: RegExp) => tab.locator('.now').getByText(says).waitFor();
  const reads = (says: RegExp) => tab.locator('.read').getByText(says).first().waitFor();
  await now(/^Connected by WebSocket\.$/);
  await reads(/^Every 25 s, says this hub\. .* after 37\.50 s of silence it would leave\.$/);

  await obstacle(/^Upgrades/).press('Space');
  await now(/^Connected by Server-sent events\.$/);
  await reads(/^sse works, not websocket refused/);
  await tab
    .locator('.log')
    .getByText(/^WebSocket is left: refused/)
    .first()
    .waitFor();

  await obstacle(/^The plug/).press('Space');
  await now(/^Waiting before it tries again/);
  await reads(/of up to 1 s, .* of up to 2 s/);
  await obstacle(/^The plug/).press('Space');
  await now(/^Connected by /);
  // As many as were published before now, whatever comes while this is read.
  const counts = async () =>
    (await tab.getByText(/numbers were published for it/).textContent())!.match(/\d+/g)!;
  const [sent] = await counts();
  await tab.waitForFunction(
    (least) => Number(document.querySelector('.counts')?.textContent?.match(/(\d+) have come/)?.[1]) >= least,
    Number(sent),
  );
  const [, , twice, gaps] = await counts();
  assert.deepEqual([twice, gaps], ['0', '0']);
  assert.ok((await shifted(tab)) < 0.02, `layout shift of ${await shifted(tab)}`);
  await keepScreenshots(tab, 'learn-coming-back');
});

const SIX_OF_SEVEN =
  /^Over HTTP\/1\.1 6 of 7 streams were open at once\. The next began \d+ ms after one was closed\.$/;

test('six connections, and beyond: the seventh stream waits, seven that share need one, and what is served is live', async (t) => {
  const { url } = await startServe(t, ['--graphql']);
  const tab = await openTab(t, 'about:blank');
  await watchShifts(tab);
  await tab.goto(`${url}/learn/six-connections`);
  const reads = (says: RegExp) => tab.locator('.read').getByText(says).waitFor();
  const overOne = tab.locator('.read').first();
  await until(async () => {
    await tab.getByText(/^Tried by this page just now/).waitFor();
    if (SIX_OF_SEVEN.test((await overOne.textContent())!)) return true;
    // While the page comes, six streams may take longer to open than it looks.
    await tab.getByRole('button', { name: 'Try it again' }).press('Enter');
    return false;
  });
  await reads(/^All 7 clients read, over 1 connection\.$/);
  await tab.getByText(/^Tried by this page just now/).waitFor();
  assert.equal(await tab.locator('.readers').last().locator('[data-state=shares]').count(), 6);
  await keepScreenshots(tab, 'learn-six-connections');

  await tab.getByRole('link', { name: 'Next lesson: Scale' }).waitFor();
  await tab.getByRole('link', { name: /^\d Beyond$/ }).press('Enter');
  const part = (name: string) => tab.getByRole('region', { name, exact: true }).locator('.read');
  await part('HTTP/2')
    .getByText(/^This page came over HTTP\/1\.1: /)
    .waitFor();
  await part('WebTransport')
    .getByText(/^This page has not tried it/)
    .waitFor();
  await part('gRPC').getByText('This hub does not serve it: fanwire serve --grpc does.').waitFor();
  await part('GraphQL')
    .getByText(/^(One message|\d+ messages) came down without being asked for, after [\d.]+ ms on average\./)
    .waitFor();
  await part('A lost packet')
    .getByText(
      /^Beneath HTTP\/2 one lost packet held up all three streams: .* Over QUIC it held up stream A for/,
    )
    .waitFor();
  assert.ok((await tab.locator('.ways').first().locator('[data-stream=b] .held').count()) > 0);
  assert.ok((await overflow(tab)) <= 0);
  assert.ok((await shifted(tab)) < 0.02, `layout shift of ${await shifted(tab)}`);
  await keepScreenshots(tab, 'learn-beyond');
});
