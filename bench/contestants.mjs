// Who takes part: how each is started, and the bytes that open a subscription. Each server is a file in servers/.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CONNECT, SUBSCRIBE } from './servers/mqtt.mjs';
import { compile } from './support/compile.mjs';
import { BENCH } from './support/paths.mjs';
import { clientFrame, get, serverFrame, upgrade } from './support/requests.mjs';

const BUN = join(BENCH, 'node_modules/.bin/bun');
const NCHAN = ['/usr/lib/nginx/modules/ngx_nchan_module.so', '/usr/lib64/nginx/modules/ngx_nchan_module.so'];

const node = (script, ...args) => ({
  command: () => [process.execPath, ['--expose-gc', join(BENCH, 'servers', script), ...args]],
});
const floor = (kind) => ({ command: () => [compile('servers/write-loop.c'), [kind]] });
const runs = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).error === undefined;

/** What a server asks of an idle client, and the answer, without which it would take the client for gone. */
const PING = { ping: Buffer.from([0x89, 0]), pong: Buffer.from([0x8a, 0x80, 1, 2, 3, 4]) };

const fanwire = (accept) => ({
  ours: true,
  ...node('fanwire.mjs'),
  request: get('/channels/scores', { Accept: accept }),
  resume: (position) => get(`/channels/scores?after=${position}`, { Accept: accept }),
});
const nchan = {
  command: () => [process.execPath, [join(BENCH, 'servers/nchan.mjs'), NCHAN.find(existsSync)]],
  missing: () =>
    runs('nginx', '-v') && NCHAN.some(existsSync)
      ? undefined
      : 'nchan is not installed: `apt-get install libnginx-mod-nchan` brings it with nginx',
};

/** By kind of stream, the contestant that all others are compared with. */
export const FLOOR = { websocket: 'C write loop (WebSocket)', sse: 'C write loop (SSE)' };

/**
 * Requests that wait for a message. Nothing comes back from one that is parked, so each goes behind one that is
 * answered at once.
 */
export const PARKED = [
  { name: 'fanwire long polling', ours: true, ...node('fanwire.mjs') },
  { name: 'node:http, parked', ...node('node-http.mjs') },
].map((contestant) => ({
  ...contestant,
  request: get('/healthz'),
  followUp: get('/channels/scores?wait=55'),
}));

const SUBSCRIPTION = 'subscription{channel(names:["scores"]){...on Message{data}}}';
/** The protocol wants its acknowledgement before the operation. */
const GRAPHQL_WS = {
  request: upgrade('/graphql', { 'Sec-WebSocket-Protocol': 'graphql-transport-ws' }),
  followUp: () => clientFrame('{"type":"connection_init"}'),
  ping: serverFrame('{"type":"connection_ack"}'),
  pong: clientFrame(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION } })),
};
const GRAPHQL_SSE = {
  request: get(`/graphql?query=${encodeURIComponent(SUBSCRIPTION)}`, { Accept: 'text/event-stream' }),
};

/** Subscriptions of GraphQL, which all ask for the same. */
export const GRAPHQL = [
  { name: 'fanwire graphql-ws', ours: true, ...node('fanwire-graphql.mjs'), ...GRAPHQL_WS },
  { name: 'graphql-ws', ...node('graphql-peers.mjs'), ...GRAPHQL_WS },
  { name: 'fanwire graphql-sse', ours: true, ...node('fanwire-graphql.mjs'), ...GRAPHQL_SSE },
  { name: 'graphql-sse', ...node('graphql-peers.mjs'), ...GRAPHQL_SSE },
];

/** Calls of gRPC that subscribe. */
export const GRPC = [
  { name: 'fanwire gRPC', ours: true, ...node('fanwire-grpc.mjs') },
  { name: 'grpc-js', ...node('grpc-js.mjs') },
];

export const CENTRIFUGO = [join(homedir(), 'go/bin/centrifugo'), '/usr/local/bin/centrifugo'].find(
  (program) => runs(program, 'version'),
);
const centrifugo = {
  name: 'Centrifugo',
  command: () => [process.execPath, [join(BENCH, 'servers/centrifugo.mjs'), CENTRIFUGO]],
  missing: () =>
    CENTRIFUGO
      ? undefined
      : 'Centrifugo is not installed: `go install github.com/centrifugal/centrifugo/v6@latest` brings it',
  request: upgrade('/connection/websocket'),
  // Alone, or in a frame with messages, each on a line of its own.
  ping: [serverFrame('{}'), Buffer.from('\n{}'), Buffer.from('{}\n')],
  pong: clientFrame('{}'),
};
/** Frames in which the load generator finds {key} and {one}. */
const numbered = (texts) => () => Buffer.concat(texts.map((text) => clientFrame(text, [0, 0, 0, 0])));

/** One channel of many for each subscriber, that of its group. */
export const ONE_CHANNEL = [
  {
    name: 'fanwire WebSocket',
    ours: true,
    ...node('fanwire.mjs'),
    ...PING,
    request: upgrade('/channels/room-{key}'),
  },
  { name: 'ws', ...node('ws.mjs'), request: upgrade('/room-{key}') },
  {
    ...centrifugo,
    followUp: numbered(['{"id":1,"connect":{}}', '{"id":2,"subscribe":{"channel":"room-{key}"}}']),
  },
];

/** The channels of its group for each subscriber, and one of its own: each subscribes to so many in all. */
export const SUBSCRIPTIONS_EACH = 100;
const CHANNELS = ['own-{one}', ...Array(SUBSCRIPTIONS_EACH - 1).fill('room-{key}')];
const subscribing = (channels) =>
  numbered([
    '{"hello":{"client":"client-{one}"}}',
    ...channels.map((channel, index) => `{"ref":${index + 1},"subscribe":{"channel":"${channel}"}}`),
  ]);
/** What subscribes to so many channels of a group, over the SDK's endpoint. */
export const manyChannels = (count) => subscribing(Array(count).fill('room-{key}'));
export const MANY_CHANNELS = [
  {
    name: 'fanwire WebSocket',
    ours: true,
    ...node('fanwire.mjs'),
    ...PING,
    request: upgrade('/connect'),
    followUp: subscribing(CHANNELS),
  },
  {
    ...centrifugo,
    followUp: numbered([
      '{"id":1,"connect":{}}',
      ...CHANNELS.map((channel, index) => `{"id":${index + 2},"subscribe":{"channel":"${channel}"}}`),
    ]),
  },
  {
    name: 'Socket.IO',
    ...node('socket.io.mjs'),
    request: upgrade('/socket.io/?EIO=4&transport=websocket'),
    followUp: numbered([`40${JSON.stringify({ rooms: CHANNELS })}`]),
    ping: Buffer.from([0x81, 1, 0x32]),
    pong: clientFrame('3'),
  },
];

/** Takes the number of workers as an argument. */
export const WORKERS = {
  name: 'fanwire serve',
  ours: true,
  ...node('fanwire-serve.mjs'),
  request: upgrade('/channels/scores'),
};

const bunIsMissing = () =>
  runs(BUN, '--version')
    ? undefined
    : 'Bun has no build for this machine: see https://bun.sh/docs/installation';

/** A contestant that can't take part says in `missing` how to get it. */
export const CONTESTANTS = [
  { name: FLOOR.websocket, kind: 'websocket', floor: true, ...floor('websocket'), request: upgrade('/') },
  {
    name: 'fanwire WebSocket',
    kind: 'websocket',
    ours: true,
    ...node('fanwire.mjs'),
    ...PING,
    request: upgrade('/channels/scores'),
    resume: (position) => upgrade(`/channels/scores?after=${position}`),
  },
  { name: 'ws', kind: 'websocket', ...node('ws.mjs'), ...PING, request: upgrade('/') },
  {
    name: 'Socket.IO',
    kind: 'websocket',
    ...node('socket.io.mjs'),
    request: upgrade('/socket.io/?EIO=4&transport=websocket'),
    followUp: () => clientFrame('40'),
    // Engine.IO asks by a message of its own, "2", and takes "3" for an answer.
    ping: Buffer.from([0x81, 1, 0x32]),
    pong: clientFrame('3'),
  },
  { name: 'SockJS', kind: 'websocket', ...node('sockjs.mjs'), request: upgrade('/scores/websocket') },
  {
    name: 'Bun',
    kind: 'websocket',
    command: () => [BUN, [join(BENCH, 'servers/bun.mjs')]],
    request: upgrade('/'),
    missing: bunIsMissing,
  },
  { name: 'nchan WebSocket', kind: 'websocket', ...nchan, request: upgrade('/subscribe') },
  {
    name: 'Mosquitto (MQTT)',
    kind: 'websocket',
    command: () => [process.execPath, [join(BENCH, 'servers/mosquitto.mjs')]],
    request: () => CONNECT,
    followUp: () => SUBSCRIBE,
    missing: () =>
      runs('mosquitto', '-h')
        ? undefined
        : 'Mosquitto is not installed: `apt-get install mosquitto` brings it',
  },
  {
    ...centrifugo,
    kind: 'websocket',
    followUp: numbered(['{"id":1,"connect":{}}', '{"id":2,"subscribe":{"channel":"scores"}}']),
  },
  {
    name: FLOOR.sse,
    kind: 'sse',
    floor: true,
    ...floor('sse'),
    request: get('/', { Accept: 'text/event-stream' }),
  },
  { name: 'fanwire SSE', kind: 'sse', ...fanwire('text/event-stream') },
  { name: 'fanwire HTTP streaming', kind: 'sse', ...fanwire('application/x-ndjson') },
  {
    name: 'node:http SSE',
    kind: 'sse',
    ...node('node-sse.mjs'),
    request: get('/', { Accept: 'text/event-stream' }),
  },
  {
    name: 'nchan SSE',
    kind: 'sse',
    ...nchan,
    request: get('/subscribe', { Accept: 'text/event-stream' }),
    resume: (position) => get('/subscribe', { Accept: 'text/event-stream', 'Last-Event-ID': position }),
  },
];

const onEngine = (name, engine, missing) => ({
  name,
  ours: true,
  command: () => [engine, ['--expose-gc', join(BENCH, 'servers/fanwire.mjs')]],
  ...PING,
  request: upgrade('/channels/scores'),
  missing,
});

/** The same program on other engines. */
export const ENGINES = [
  onEngine(`Node ${process.versions.node}`, process.execPath),
  ...[22, 24, 26].map((major) => {
    const engine = join(BENCH, `node_modules/node-${major}/bin/node`);
    const missing = () =>
      existsSync(engine) ? undefined : `Node ${major} comes as a package of npm for Linux on x64 only`;
    return onEngine(`Node ${major}`, engine, missing);
  }),
  onEngine('Bun', BUN, bunIsMissing),
];

/** The same contestant, its server started with further arguments. */
export function withArguments(contestant, ...more) {
  const command = () => {
    const [program, args] = contestant.command();
    return [program, [...args, ...more]];
  };
  return { ...contestant, command };
}
