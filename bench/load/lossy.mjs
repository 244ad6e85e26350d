/*
 * One subscriber of ten channels behind a network that loses packets.
 *
 *   node lossy.mjs KIND PORT LOSS-PERCENT DELAY-MS
 *
 * KIND is `streams` (one for each channel), `one` (stream for all of them) or `datagrams`. It takes the lines `reset` and
 * `report`; the report has the delay of each message.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Arrivals } from './arrivals.mjs';
import { SUBSCRIPTIONS, streamForEach } from './subscription.mjs';

const [kind, ...numbers] = process.argv.slice(2);
const [port, lossPercent, delayMs] = numbers.map(Number);
const CHANNELS = Array.from({ length: 10 }, (_, index) => `scores-${index}`);
const streams = [];
const newStream = () => {
  const arrivals = new Arrivals({ keepsDelays: true });
  streams.push(arrivals);
  return (text) => arrivals.take(text);
};

/** The same packets by their number are lost in every run. */
let seed = 7;
function isLost() {
  seed = (seed * 48271) % 2147483647;
  return seed % 10_000 < lossPercent * 100;
}

/** Stands before the server and passes on, late, what it does not lose. @returns its port */
async function startNetwork() {
  const outside = createSocket('udp4').bind(0, '127.0.0.1');
  const inside = createSocket('udp4').bind(0, '127.0.0.1');
  await Promise.all([once(outside, 'listening'), once(inside, 'listening')]);
  let client;
  const pass = (send) => {
    if (!isLost()) setTimeout(send, delayMs);
  };
  outside.on('message', (packet, from) => {
    client = from.port;
    pass(() => inside.send(packet, port, '127.0.0.1'));
  });
  inside.on('message', (packet) => pass(() => outside.send(packet, client, '127.0.0.1')));
  return outside.address().port;
}

const commands = {
  reset() {
    for (const each of streams) each.reset();
  },
  report: () => ({ delays: streams.flatMap(({ delays }) => delays) }),
};

const through = await startNetwork();
if (kind === 'streams') await streamForEach(through, CHANNELS, newStream);
else {
  const subscribe = kind === 'one' ? SUBSCRIPTIONS.webtransport : SUBSCRIPTIONS.datagrams;
  await subscribe(through, `/channels/${CHANNELS.join(',')}`, newStream());
}
console.log('{}');
createInterface({ input: process.stdin })
  .on('line', (line) => console.log(JSON.stringify(commands[line]() ?? {})))
  .once('close', () => process.exit());
