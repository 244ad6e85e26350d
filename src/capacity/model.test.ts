import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CapacityFigures, capacityOf, type Load, type Machine } from './model.ts';

/** Round ones, so that a reader can work the rest out. */
const FIGURES: CapacityFigures = {
  read: 'never',
  deliveryUs: [
    { readers: 1, us: 30 },
    { readers: 100, us: 10 },
  ],
  factor: { websocket: 1, sse: 2, 'http-streaming': 2 },
  envelopeBytes: { websocket: 72, sse: 72, 'http-streaming': 72 },
  connectionKB: { websocket: 6, sse: 10, 'http-streaming': 10 },
  kernelKB: 4,
  publishUs: 50,
  logUs: { redis: 40, nats: 100 },
  logRate: { redis: 40_000, nats: 10_000 },
};
const LOAD: Load = {
  users: 1_000_000,
  transport: 'websocket',
  readersPerChannel: 1_000_000,
  messagesPerSecond: 1,
  bytes: 128,
  log: 'redis',
};
const MACHINE: Machine = { cores: 4, memoryGB: 16, price: 100, utilisation: 0.5, pricePerGB: 0.05 };

test('a load is worked out as by hand', () => {
  const { deliveriesPerSecond, publishesPerSecond, cores, memoryGB, nodes, bound, bitsPerSecond, price } =
    capacityOf(FIGURES, LOAD, MACHINE);
  assert.equal(deliveriesPerSecond, 1_000_000);
  assert.equal(publishesPerSecond, 1);
  assert.equal(cores.deliveries, 10);
  assert.equal(cores.log, 0.00004);
  assert.ok(Math.abs(memoryGB - 9.54) < 0.01, `${memoryGB}`);
  // 10 cores at a half are 21 processes with what publishes take, on machines of four.
  assert.deepEqual([nodes, bound], [6, 'cores']);
  // 200 bytes of message and 52 of headers.
  assert.equal(bitsPerSecond, 1_000_000 * 252 * 8);
  assert.deepEqual([price.nodes, price.log], [600, 100]);
  assert.equal(Math.round(price.traffic), Math.round((252e6 * 2_592_000 * 0.05) / 1e9));
});

test('what a reader costs follows how many of its channel a process has', () => {
  const coresOf = (more: Partial<Load>) =>
    Number(capacityOf(FIGURES, { ...LOAD, ...more }, MACHINE).cores.deliveries.toFixed(6));
  assert.equal(coresOf({ readersPerChannel: 1 }), 30);
  // A channel's ten readers are spread over so many processes that nearly each is alone.
  assert.ok(coresOf({ readersPerChannel: 10 }) > 25);
  // On one process they are together: half way between one and a hundred, by the logarithm.
  assert.equal(coresOf({ readersPerChannel: 10, users: 100, messagesPerSecond: 1 }), 0.002);
  assert.equal(coresOf({ transport: 'sse' }), 20);
  assert.deepEqual(
    capacityOf(FIGURES, { ...LOAD, readersPerChannel: 1e9 }, MACHINE),
    capacityOf(FIGURES, LOAD, MACHINE),
  );
});

test('memory, a log that is too slow and the wish to lose a machine bound what is needed, and say so', () => {
  const of = (more: Partial<Load>) =>
    capacityOf(FIGURES, { ...LOAD, messagesPerSecond: 0.001, ...more }, MACHINE);
  assert.deepEqual([of({}).nodes, of({}).bound], [2, 'two']);
  const large = of({ users: 10_000_000, readersPerChannel: 10_000_000 });
  assert.deepEqual([large.nodes, large.bound], [8, 'memory']);
  const dense = capacityOf(FIGURES, LOAD, { ...MACHINE, cores: 64, memoryGB: 8 });
  // 9.54 GB of connections and 0.15 of each of 21 processes, in the 6.4 of each machine that are not left to others.
  assert.deepEqual([dense.nodes, dense.bound], [2, 'memory']);
  assert.equal(of({ readersPerChannel: 1, messagesPerSecond: 0.1 }).logServers, 3);
  assert.equal(of({ readersPerChannel: 1, messagesPerSecond: 0.1, log: 'nats' }).logServers, 10);
});
