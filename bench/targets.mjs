const FLOOR = '× a C loop that writes';
const BARE = '× bare `node:http`';
const LIVE = '× the same messages live';

/**
 * What the figures should reach: for each a table of a measure, a row, a column, and the most it may be. They hold for whole
 * runs on a machine that does nothing else.
 */
export const TARGETS = [
  target('a delivery by WebSocket, one message a tick', FLOOR, 1.25, 'fan-out/one/fanwire WebSocket/ratio'),
  target('a delivery by WebSocket, ten messages a tick', FLOOR, 0.2, 'fan-out/ten/fanwire WebSocket/ratio'),
  target('a delivery by SSE', FLOOR, 1.4, 'fan-out/one/fanwire SSE/ratio'),
  target('a delivery by HTTP streaming', FLOOR, 1.4, 'fan-out/one/fanwire HTTP streaming/ratio'),
  target('a long poll, parked and answered', BARE, 1.5, 'requests/requests/long polling, a cycle/ratio'),
  target('a publish by HTTP', BARE, 2, 'requests/requests/publish, one a POST/ratio'),
  target(
    'a publish in a batch',
    '× a POST to bare `node:http`',
    0.12,
    'requests/requests/publish, 1,000 a POST/ratio',
  ),
  target('an idle WebSocket', 'kB', 7.5, 'idle-memory/memory/fanwire WebSocket/kB'),
  target('an idle event stream', 'kB', 7, 'idle-memory/memory/fanwire SSE/kB'),
  target('a parked long poll', 'kB', 12.5, 'idle-memory/memory/fanwire long polling/kB'),
  target('10,000 idle WebSockets', '% of a core', 2, 'idle-cpu/cpu/fanwire WebSocket/percent'),
  target('10,000 idle event streams', '% of a core', 2, 'idle-cpu/cpu/fanwire SSE/percent'),
  target('5,000 WebSockets that come back at once', LIVE, 3, 'storm/storm/fanwire WebSocket/ratio'),
  target('5,000 event streams that come back at once', LIVE, 3, 'storm/storm/fanwire SSE/ratio'),
  target('an operator who watches 10,000 clients', '% of a core', 10, 'operate/quiet/an operator looks/hub'),
  target(
    'a search of 10,000 clients, from key to rows',
    'ms',
    500,
    'operate/quiet/an operator looks/clients',
  ),
];

function target(what, unit, most, figure) {
  const [measure, table, row, column] = figure.split('/');
  return { what, unit, most, measure, table, row, column };
}

/** The target for a figure, if there is one. */
export function targetOf(measure, table, row, column) {
  return TARGETS.find(
    (each) => each.measure === measure && each.table === table && each.row === row && each.column === column,
  );
}
