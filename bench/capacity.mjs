/*
 * What so many users need, worked out from bench/results by the model of src/capacity.
 *
 *   node bench/capacity.mjs [--users 1000000] [--transport websocket] [--readers 100] [--rate 0.1] [--bytes 128] [--log redis]
 *                           [--cores 8] [--memory 32] [--price 250] [--utilisation 0.5] [--traffic 0.05]
 *
 * --readers is how many read a channel, --rate messages a second of one, --memory and --traffic are in GB: a machine's, and what one costs that
 * leaves for the internet. --price is what a machine costs a month. Both prices are yours to put in.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stop } from '../scripts/prepare.mjs';
import { figuresOf } from './capacity/figures.mjs';
import { storedResults } from './support/results.mjs';

const MODEL = new URL('../dist/capacity/model.js', import.meta.url);
const DEFAULTS = {
  users: '1000000',
  transport: 'websocket',
  readers: '100',
  rate: '0.1',
  bytes: '128',
  log: 'redis',
  cores: '8',
  memory: '32',
  price: '250',
  utilisation: '0.5',
  traffic: '0.05',
};
const options = Object.fromEntries(
  Object.entries(DEFAULTS).map(([name, value]) => [name, { type: 'string', default: value }]),
);
const { values } = parseArgs({ options });
const number = (name) => {
  const value = Number(values[name]);
  if (!(value > 0)) stop(`--${name} is a number above 0, not ${values[name]}.`);
  return value;
};
for (const [name, known] of [
  ['transport', ['websocket', 'sse', 'http-streaming']],
  ['log', ['redis', 'nats']],
])
  if (!known.includes(values[name])) stop(`--${name} is ${known.join(', ')}, not ${values[name]}.`);

if (!existsSync(MODEL)) stop('The model is not built yet: npm run build');
const { capacityOf } = await import(MODEL.href);
const figures = figuresOf(storedResults());
if (!figures)
  stop('Not all has been measured that this is worked out from: npm run bench -- shapes capacity');
const load = {
  users: number('users'),
  transport: values.transport,
  readersPerChannel: number('readers'),
  messagesPerSecond: number('rate'),
  bytes: number('bytes'),
  log: values.log,
};
const machine = {
  cores: number('cores'),
  memoryGB: number('memory'),
  price: number('price'),
  utilisation: number('utilisation'),
  pricePerGB: number('traffic'),
};
const capacity = capacityOf(figures, load, machine);
const { cores, price } = capacity;
const WHY = { cores: 'for their processors', memory: 'for their memory', two: 'so that one may go' };
const show = (value, digits = 3) => value.toLocaleString('en', { maximumSignificantDigits: digits });
const lines = {
  'deliveries a second': show(capacity.deliveriesPerSecond),
  'publishes a second': show(capacity.publishesPerSecond),
  'cores that deliver': show(cores.deliveries),
  'cores that are published to': show(cores.publishes),
  'cores of the log, and of publishing to it': show(cores.log),
  'memory of connections, GB': show(capacity.memoryGB),
  machines: `${capacity.nodes}, ${WHY[capacity.bound]}`,
  'servers of the log': show(capacity.logServers),
  'Mbit a second': show(capacity.bitsPerSecond / 1e6),
  'a month: machines': show(price.nodes),
  'a month: the log': show(price.log),
  'a month: traffic, at this load all the time': show(price.traffic),
};
console.log(`A model, from what was read on one machine (${figures.read}).\n`);
for (const [name, value] of Object.entries(lines)) console.log(`${name.padEnd(45)} ${value}`);
if (capacity.logServers > 1)
  console.log(
    `\nOne ${load.log} took ${show(figures.logRate[load.log])} messages a second. Nodes share one log: more than it takes asks for hubs apart.`,
  );
