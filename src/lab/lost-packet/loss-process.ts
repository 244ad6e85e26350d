import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { connect } from '../../client/index.ts';
import { createHub } from '../../create-hub.ts';
import type { FanwireHub } from '../../fanwire-hub.ts';
import { monotonicMs } from '../monotonic.ts';
import { hasWebTransport, provideWebTransport } from '../web-transport.ts';
import {
  CHANNELS,
  type ChannelName,
  type FromLossProcess,
  LOST_AFTER_MS,
  type LossRun,
  MISSING_MS,
  type Passed,
  PERIOD_MS,
  RUN_MS,
} from './loss.ts';

/*
 * Reads three channels over one connection, first as streams of HTTP/2, then over WebTransport, and loses a packet of the first
 * channel on the way: `measure-loss.ts` starts it.
 */

/** Makes the packet with the message that is lost longer than all others. */
const FILL = 'x'.repeat(700);

const MAX_WARM_UP_MS = 4000;
/** Then it is warm: so many times all three channels were as quick as this. */
const QUICK_IN_A_ROW = 10;
const QUICK_MS = 12;
const WARM_UP_PAUSE_MS = 10;

const send = (message: FromLossProcess) => void process.send?.(message);
process.on('disconnect', () => process.exit());

interface Sent {
  readonly nth: number;
}

/** Told of each message as it comes. */
type Came = (channel: ChannelName, data: Sent) => void;

/** Publishes to the channels in turn, and resolves once all of it has come. @param opens has the channels read */
async function measured(
  hub: FanwireHub,
  opens: (came: Came) => Promise<void>,
  lose: (isLost: boolean) => void,
): Promise<LossRun> {
  const published = new Map<string, number>();
  const passed: Passed[] = [];
  let began = Number.POSITIVE_INFINITY;
  let told = () => {};
  let warm = 0;
  await opens((channel, { nth }) => {
    if (nth < 0) warm += 1;
    const at = published.get(`${channel} ${nth}`);
    if (at === undefined) return;
    passed.push({ channel, publishedMs: at - began, arrivedMs: monotonicMs() - began });
    told();
  });
  await warmUp(hub, () => warm);
  began = monotonicMs();
  const missing = { from: Number.NaN, to: Number.NaN };
  for (let nth = 0; monotonicMs() - began < RUN_MS; nth++) {
    for (const channel of CHANNELS) {
      const at = monotonicMs();
      const isLost = channel === 'a' && Number.isNaN(missing.from) && at - began > LOST_AFTER_MS;
      if (isLost) {
        missing.from = at - began;
        lose(true);
        setTimeout(() => {
          missing.to = monotonicMs() - began;
          lose(false);
        }, MISSING_MS);
      }
      published.set(`${channel} ${nth}`, at);
      await hub.publish(channel, { nth, ...(isLost && { fill: FILL }) });
      // Apart from the others, so that no packet carries messages of two.
      await pause(PERIOD_MS / CHANNELS.length);
    }
  }
  while (passed.length < published.size) await new Promise<void>((resolve) => (told = resolve));
  return { passed, missing };
}

/** Code that has not run yet is slow, and QUIC in WebAssembly most of all. @param came how many of its messages have come */
async function warmUp(hub: FanwireHub, came: () => number): Promise<void> {
  const until = monotonicMs() + MAX_WARM_UP_MS;
  let sent = 0;
  for (let quick = 0; quick < QUICK_IN_A_ROW && monotonicMs() < until; ) {
    const at = monotonicMs();
    sent += 1;
    for (const channel of CHANNELS) await hub.publish(channel, { nth: -1, fill: FILL });
    while (came() < sent * CHANNELS.length) await pause(1);
    quick = monotonicMs() - at < QUICK_MS ? quick + 1 : 0;
    await pause(WARM_UP_PAUSE_MS);
  }
}

async function overHttp2(): Promise<LossRun> {
  const hub = createHub();
  const server = createHttp2Server();
  hub.attach(server);
  const target = await listening(server);
  /** What a receiver of TCP gives its program: nothing behind a segment that is missing. */
  let withheld: (() => void)[] | undefined;
  const relay = createServer((client) => {
    const upstream = connectTcp(target, '127.0.0.1');
    client.setNoDelay(true).pipe(upstream.setNoDelay(true));
    upstream.on('data', (bytes: Buffer) => {
      const pass = () => void client.write(bytes);
      if (withheld) withheld.push(pass);
      else pass();
    });
    for (const socket of [client, upstream]) socket.on('error', () => {});
  });
  const session = connectHttp2(`http://127.0.0.1:${await listening(relay)}`);
  const opens = async (came: Came) => {
    for (const channel of CHANNELS) {
      const stream = session.request({ ':path': `/channels/${channel}`, accept: 'text/event-stream' });
      await once(stream, 'response');
      createInterface(stream).on('line', (line) => {
        if (line.startsWith('data:')) came(channel, JSON.parse(line.slice(5)));
      });
    }
  };
  return measured(hub, opens, (isLost) => {
    if (isLost) withheld = [];
    else {
      for (const pass of withheld ?? []) pass();
      withheld = undefined;
    }
  });
}

/** Undefined where the package is not installed. */
async function overQuic(): Promise<LossRun | undefined> {
  await provideWebTransport();
  if (!hasWebTransport()) return undefined;
  const hub = createHub();
  const { url } = await hub.listen({ port: 0 });
  let loses = false;
  let target = 0;
  const front = createSocket('udp4');
  const sockets = new Map<number, UdpSocket>();
  front.on('message', (packet, { port, address }) => {
    let socket = sockets.get(port);
    if (!socket) {
      socket = createSocket('udp4').on('error', () => {});
      socket.on('message', (answer) => {
        const hasIt = answer.length >= FILL.length;
        // It is lost, and so is each with which it is sent again meanwhile.
        if (!(loses && hasIt)) front.send(answer, port, address);
      });
      sockets.set(port, socket);
    }
    socket.send(packet, target, '127.0.0.1');
  });
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  const offered = `https://127.0.0.1:${front.address().port}/connect`;
  target = (await hub.webtransport({ port: 0, tls: 'self-signed', url: offered })).port;
  const client = connect(url, {
    transports: ['webtransport', 'websocket'],
    stableAfterMs: 20,
    upgradeIntervalMs: 100,
  });
  await new Promise<void>((resolve) =>
    client.onStatus((status) => {
      if (status.state === 'connected' && status.transport === 'webtransport') resolve();
    }),
  );
  const opens = async (came: Came) => {
    for (const channel of CHANNELS)
      await client.subscribe<Sent>(channel, ({ data }) => came(channel, data)).ready;
  };
  return measured(hub, opens, (isLost) => {
    loses = isLost;
  });
}

async function listening(server: {
  listen(port: number, host: string): unknown;
  address(): unknown;
}): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server as never, 'listening');
  return (server.address() as AddressInfo).port;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

try {
  const http2 = await overHttp2();
  const quic = await overQuic();
  send({ kind: 'measured', http2, quic });
} catch (error) {
  send({ kind: 'failed', detail: (error as Error).message });
}
