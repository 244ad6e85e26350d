// What the model of src/capacity takes from the results, and what they say of it.
import { LOADS, nameOf } from './loads.mjs';

/** @returns {import('../../dist/capacity/model.js').CapacityFigures | undefined} undefined while something has not been measured */
export function figuresOf(results) {
  const figure = (path) => {
    const [measure, table, row, key] = path.split('/');
    return results[measure]?.tables.find(({ id }) => id === table)?.rows.find(({ name }) => name === row)
      ?.figures[key];
  };
  const deliveryUs = Object.entries({ 1: 'one', 10: 'ten', 1000: 'thousand' }).map(([readers, table]) => ({
    readers: Number(readers),
    us: figure(`shapes/${table}/fanwire WebSocket/us`),
  }));
  const kernelKB = figure('capacity/kernel/WebSocket/kB');
  if (kernelKB === undefined || deliveryUs.some(({ us }) => us === undefined)) return undefined;
  const rows = {
    websocket: 'fanwire WebSocket',
    sse: 'fanwire SSE',
    'http-streaming': 'fanwire HTTP streaming',
  };
  const each = (of) => Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, of(row)]));
  const PAYLOAD_BYTES = 128;
  return {
    read: `${results.shapes.date}, ${results.shapes.machine.cpu}`,
    deliveryUs,
    factor: each((row) =>
      rounded(figure(`fan-out/one/${row}/us`) / figure('fan-out/one/fanwire WebSocket/us'), 2),
    ),
    envelopeBytes: each((row) => rounded(figure(`fan-out/one/${row}/bytes`) - PAYLOAD_BYTES, 0)),
    connectionKB: each((row) => figure(`idle-memory/memory/${row}/kB`)),
    kernelKB,
    publishUs: figure('requests/requests/publish, one a POST/us'),
    logUs: {
      redis: figure('logs/logs/redis (everysec), 3 nodes/manyUs'),
      nats: figure('logs/logs/nats, 3 nodes/manyUs'),
    },
    logRate: {
      redis: figure('logs/logs/redis (everysec), 3 nodes/manyRate'),
      nats: figure('logs/logs/nats, 3 nodes/manyRate'),
    },
  };
}

/** @returns {readonly import('../../dist/capacity/model.js').Check[]} from few users to many */
export function checksOf(results) {
  const rows = results.capacity.tables.find(({ id }) => id === 'model').rows;
  return LOADS.map((load) => {
    const { measured, predicted } = rows.find(({ name }) => name === nameOf(load)).figures;
    return {
      users: load.readers,
      channels: load.groups,
      messagesPerSecond: load.rate,
      measured,
      predicted,
    };
  }).toSorted((a, b) => a.users - b.users);
}

const rounded = (value, decimals) => Number(value.toFixed(decimals));
