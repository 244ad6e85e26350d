import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { metricsOf, metricValue } from '../support/metrics.ts';
import { take } from '../support/readers/reader.ts';
import { openSse } from '../support/readers/sse.ts';
import { openWebSocket } from '../support/readers/websocket.ts';

test('GET /healthz answers 200 while the hub serves', async (t) => {
  const { url } = await startHub(t);
  const { status } = await send(`${url}/healthz`);
  assert.equal(status, 200);
});

test('GET /metrics is Prometheus text that names its families and types', async (t) => {
  const { url } = await startHub(t);
  const { status, headers, text } = await send(`${url}/metrics`);
  assert.equal(status, 200);
  assert.match(headers['content-type'] ?? '', /^text\/plain; version=0\.0\.4/);
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of samples) {
    assert.match(
      line,
      /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="[^"]*",?)*\})? [-+0-9.eInfNa]+$/,
    );
  }
  const families = new Set(samples.map((line) => line.split(/[ {]/)[0]!.replace(/_(bucket|sum|count)$/, '')));
  for (const family of families) assert.match(text, new RegExp(`# TYPE ${family} `), family);
});

test('metrics count connections by transport, messages, deliveries, bytes, gaps and refusals', async (t) => {
  const { url } = await startHub(t, { channels: { short: { retain: { count: 1 } } } });
  const before = await metricsOf(url);
  const sse = await openSse(url, { channels: ['scores'], after: 'now' });
  const socket = await openWebSocket(url, { channels: ['scores'], after: 'now' });
  await post(url, 'scores', 'x');
  await take(sse, 1);
  await take(socket, 1);
  await send(`${url}/channels/b%20d`);
  const ids = [];
  for (const value of [1, 2, 3]) ids.push((await post(url, 'short', value)).json().id);
  await send(`${url}/channels/short?after=${ids[0]}`);
  const after = await metricsOf(url);
  const grown = (name: RegExp, labels?: Record<string, string>) =>
    metricValue(after, name, labels) - metricValue(before, name, labels);

  assert.equal(grown(/connections$/, { transport: 'sse' }), 1);
  assert.equal(grown(/connections$/, { transport: 'websocket' }), 1);
  assert.equal(grown(/messages.*_total$/), 4);
  assert.ok(grown(/deliver.*_total$/) >= 3);
  assert.ok(grown(/bytes.*_total$/) > 0);
  assert.equal(grown(/gaps.*_total$/), 1);
  assert.equal(grown(/refus.*_total$/), 1);
  assert.ok(metricValue(after, /lagging/) === 0);
  assert.ok(grown(/latency.*_count$|_seconds_count$/) >= 1);
  sse.close();
  socket.close();
});
