// Where a claim is seen beside the console: in the lab, in a benchmark, by the doctor. What a run has read there stands in bench/results.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimsOf } from '../../dist/lab/claims.js';
import { timeText } from '../../dist/lab/conclusion.js';
import { anchorOf } from './anchor.mjs';

const RESULTS = 'bench/results';
/** Where `fanwire serve` shows it. */
const CONSOLE = 'http://127.0.0.1:8080';

/** By claim: places that are no page of the console, or readings that answer another claim as well. */
const PLACES = {
  'poll-cacheable': [lab('cache', 'polling')],
  'poll-everywhere': [inAll('polling')],
  'polling-fallback': [inAll('polling'), lab('no-upgrade', 'fanwire')],
  threads: [
    bench('idle-memory', 'memory', 'fanwire long polling', 'kB'),
    bench('idle-memory', 'memory', 'node:http, parked', 'kB'),
  ],
  'proxies-cut': [lab('mobile-carrier', 'long-polling')],
  herd: [bench('requests', 'requests', 'long polling, a cycle', 'us')],
  'six-connections': [bench('http2', 'http2', 'HTTP/2', 'kB')],
  'sse-buffered': [lab('buffering-proxy', 'sse')],
  'ws-blocked': [lab('no-upgrade', 'websocket')],
  webtransport: [
    bench('webtransport', 'loss', 'a stream for each channel', 'late'),
    bench('webtransport', 'loss', 'one stream for all, as over TCP', 'late'),
    bench('webtransport', 'loss', 'datagrams', 'late'),
  ],
  http2: [bench('http2', 'http2', 'HTTP/2', 'us')],
  graphql: [bench('graphql', 'graphql', 'fanwire graphql-ws', 'us')],
  grpc: [bench('grpc', 'grpc', 'fanwire gRPC', 'us')],
  'proxy-inspects': [lab('no-upgrade', 'websocket', 'inspected'), lab('no-upgrade', 'fanwire', 'inspected')],
  'proxy-holds': [lab('buffering-proxy', 'sse')],
  'proxy-strips': [lab('no-upgrade', 'websocket')],
  'idle-cut': [lab('mobile-carrier', 'long-polling')],
  'one-server': [lab('load-balancer', 'websocket')],
  backplane: [lab('load-balancer', 'sse'), bench('logs', 'logs', 'redis (no file), 3 nodes', 'manyUs')],
  crash: [lab('load-balancer', 'websocket'), lab('load-balancer', 'fanwire')],

  'long-polling/Direction': [as('ask-again')],
  'sse/Direction': [as('sse-one-way')],
  'polling/Protocol': [as('poll-timer')],
  'long-polling/Protocol': [as('park')],
  'sse/Protocol': [as('sse-response')],
  'websocket/Protocol': [as('ws-answer')],
  'long-polling/Load on the server': [
    bench('requests', 'requests', 'long polling, a cycle', 'us'),
    bench('idle-memory', 'memory', 'fanwire long polling', 'kB'),
  ],
  'sse/Load on the server': [
    bench('fan-out', 'one', 'fanwire SSE', 'us'),
    bench('idle-memory', 'memory', 'fanwire SSE', 'kB'),
  ],
  'websocket/Load on the server': [
    bench('fan-out', 'one', 'fanwire WebSocket', 'us'),
    bench('idle-memory', 'memory', 'fanwire WebSocket', 'kB'),
  ],
  'polling/Reconnects by itself': [lab('network-change', 'polling')],
  'long-polling/Reconnects by itself': [lab('network-change', 'long-polling')],
  'sse/Reconnects by itself': [lab('network-change', 'sse')],
  'websocket/Reconnects by itself': [lab('network-change', 'websocket')],
  // The lab's carrier buffers nothing: what buffers is another network.
  'sse/Mobile carrier': [lab('mobile-carrier', 'sse'), lab('buffering-proxy', 'sse')],
  'polling/Scalability': [as('poll-thousand')],
  'long-polling/Scalability': [bench('idle-memory', 'memory', 'fanwire long polling', 'kB')],
  'sse/Scalability': [as('six-connections')],
  'websocket/Scalability': [lab('load-balancer', 'websocket')],
};

/**
 * All places of a claim, each with what was read there.
 * @param readings what the console and others were asked, each with the claims that it answers
 * @param sections of docs/benchmarks.md, by measure
 * @throws Error for a place that is not there
 */
export function placesOf(claim, readings, sections) {
  const told = (name) => readings.filter(({ claims }) => claims.includes(name)).map(placeOfReading);
  const judged = results('networks').networks.flatMap(({ network, tls }) =>
    Object.entries(claimsOf(network, tls))
      .filter(([, { of, agrees }]) => of === claim && agrees)
      .map(([technique]) => ({ network, technique, tls })),
  );
  // What TLS does not change is told once.
  const once = judged.filter(
    ({ network, technique }, nth) =>
      nth === judged.findIndex((each) => each.network === network && each.technique === technique),
  );
  const seen = once.map(({ network, technique, tls }) => lab(network, technique, tls));
  const others = [...seen, ...(PLACES[claim] ?? [])].flatMap((find) => find({ told, sections }));
  return [
    ...new Map([...told(claim), ...others].map((place) => [place.where + place.reading, place])).values(),
  ];
}

function placeOfReading({ at, part, reading }) {
  if (at.startsWith('/')) return { where: `[${at}](${CONSOLE}${at}): ${part}`, reading };
  if (at === 'fanwire doctor')
    return {
      where: `[\`fanwire doctor\`](troubleshooting.md#what-the-network-does-to-each-wire) ${part}`,
      reading,
    };
  return { where: `\`${at}\`: ${part}`, reading };
}

/** The readings of another claim, which answer this one, too. */
function as(name) {
  return ({ told }) => {
    const found = told(name);
    if (found.length === 0) throw new Error(`nothing was read of ${name}`);
    return found;
  };
}

function lab(network, technique, tls = 'none') {
  return () => {
    const column = results('networks').networks.find((each) => each.network === network && each.tls === tls);
    const cell = column?.cells.find((each) => each.technique === technique);
    if (!cell) throw new Error(`the lab has not measured ${technique} in ${network}, TLS ${tls}`);
    const command = `fanwire lab --only ${network}${tls === 'none' ? '' : ` --tls ${tls}`}`;
    const where = `[/networks](${CONSOLE}/networks), [\`${command}\`](networks.md#${anchorOf(column.title)}): ${technique}`;
    return [{ where, reading: inWords(cell) }];
  };
}

function inWords({ works, medianMs, backMs, missed, fromCache, forgotten, sentLastEventId, said }) {
  if (works === 'no') return `Nothing came; ${missed} missed. It said: ${said.at(-1)}.`;
  return [
    `${timeText(medianMs)} late in calm, back after ${timeText(backMs)}, ${missed} missed`,
    ...(fromCache > 0 ? [`${fromCache} answers came out of the cache`] : []),
    ...(forgotten ? ['its connection was forgotten'] : []),
    ...(sentLastEventId ? ['it sent Last-Event-ID'] : []),
  ].join('; ');
}

/** In how many networks a technique works, whatever happens midway. */
function inAll(technique) {
  return () => {
    const networks = results('networks').networks.filter(({ tls }) => tls === 'none');
    const working = networks.filter(({ cells }) =>
      cells.some((cell) => cell.technique === technique && cell.works === 'yes'),
    );
    return [
      {
        where: `[\`fanwire lab\`](networks.md#in-brief): ${technique}`,
        reading: `Works in ${working.length} of ${networks.length} networks.`,
      },
    ];
  };
}

function bench(measure, table, row, column) {
  return ({ sections }) => {
    const found = results(measure).tables.find(({ id }) => id === table);
    const figure = found?.rows.find(({ name }) => name === row)?.figures[column];
    const title = found?.columns.find(({ key }) => key === column)?.title;
    const section = sections.get(measure);
    if (figure === undefined || !title || !section)
      throw new Error(`there is no figure ${column} of ${row} in ${measure}`);
    return [
      {
        where: `[\`npm run bench -- ${measure}\`](benchmarks.md#${anchorOf(section)}): ${found.title}`,
        reading: `${row}: ${figure} (${title}).`,
      },
    ];
  };
}

function results(name) {
  return JSON.parse(readFileSync(join(RESULTS, `${name}.json`), 'utf8'));
}
