// What proxies and carriers do to a hub's wires, with and without TLS: told by `fanwire doctor`, and by the client itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect as connectTcp, createServer as createTcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { connect } from '../../dist/client/index.js';
import { createHub } from '../../dist/index.js';
import { startMiddlebox } from '../../dist/lab/middlebox/middlebox.js';
import { isUpgrade } from '../../dist/lab/middlebox/request-head.js';
import { bufferBody, dropUpgrade, forgetWhenIdle } from '../../dist/lab/middlebox/treatments.js';
import { selfSigned } from '../../dist/server/tls/self-signed.js';

/** The first byte of a handshake of TLS. */
const TLS_HANDSHAKE = 0x16;
const FORGETS_MS = 4000;
const HOLD_SECONDS = 8;

/** Each a network with one fault, and the claim that the doctor's sentence answers. */
const FAULTS = [
  {
    claims: ['proxy-holds', 'test-behind-one'],
    spoil: (box) => box.use(bufferBody, { when: (head) => !isUpgrade(head) }),
  },
  { claims: ['proxy-strips', 'test-behind-one'], spoil: (box) => box.use(dropUpgrade, { when: isUpgrade }) },
  { claims: ['idle-cut', 'proxies-cut'], spoil: (box) => box.use(forgetWhenIdle(FORGETS_MS, () => {})) },
];

/** Readings of the doctor, which is given a hub behind each fault. */
export async function readDoctor() {
  const { port } = await startHub();
  const readings = [];
  for (const { claims, spoil } of FAULTS) {
    const box = await startMiddlebox(port);
    spoil(box);
    const { findings } = await doctor(box.url);
    box.close();
    if (findings.length === 0) throw new Error(`fanwire doctor has found nothing of ${claims.join(', ')}`);
    readings.push({
      claims,
      at: 'fanwire doctor',
      part: 'before a network with this fault',
      reading: findings.map(({ sentence }) => sentence).join(' '),
    });
  }
  return readings;
}

async function doctor(url) {
  const args = ['dist/cli/main.js', 'doctor', url, '--hold', `${HOLD_SECONDS}`, '--json'];
  const { stdout } = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(await text(stdout));
}

/** What the client ends on behind a proxy that takes Upgrade away wherever it can read. */
export async function readHttps() {
  // Before the first connection: the certificates are made here.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const { hub, port } = await startHub();
  const { url } = await hub.listen({ port: 0, tls: 'self-signed' });
  const box = await startMiddlebox(port);
  box.use(dropUpgrade, { when: isUpgrade });
  const proxy = await listening(passesTls(box.port, new URL(url).port));
  const opener = await listening(opensTls(box.port));
  const [plain, tls, opened] = [
    await settlesOn(`http://127.0.0.1:${proxy}`),
    await settlesOn(`https://127.0.0.1:${proxy}`),
    await settlesOn(`https://127.0.0.1:${opener}`),
  ];
  const reading = {
    at: 'node scripts/claims.mjs',
    part: "fanwire's client behind a proxy that strips Upgrade",
  };
  return [
    { claims: ['https-avoids'], ...reading, reading: `Over HTTP it uses ${plain}, over HTTPS ${tls}.` },
    {
      claims: ['proxy-inspects'],
      ...reading,
      reading: `Over HTTPS it uses ${tls}; where the proxy opens TLS by a certificate that the client trusts, ${opened}.`,
    },
  ];
}

/** A proxy that can read what is not encrypted. */
const passesTls = (plainPort, tlsPort) =>
  createTcpServer((client) => {
    client.once('data', (first) => {
      client.pause();
      const upstream = joined(client, first[0] === TLS_HANDSHAKE ? tlsPort : plainPort);
      upstream.write(first);
    });
  });

/** A proxy with a certificate of its own, as companies have it. */
const opensTls = (plainPort) => createTlsServer(selfSigned().pair, (client) => joined(client, plainPort));

function joined(client, port) {
  const upstream = connectTcp(Number(port), '127.0.0.1');
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ]) {
    one.on('error', () => other.destroy()).on('close', () => other.destroy());
    one.pipe(other);
  }
  return upstream;
}

async function settlesOn(url) {
  const client = connect(url, { storage: null });
  const heard = new Promise((resolve) => client.subscribe('news', resolve));
  // At the end one is under way, and is refused.
  const timer = setInterval(() => client.publish('news', 1).catch(() => {}), 500);
  await heard;
  // A better transport may prove itself after the first that works.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  clearInterval(timer);
  const { transport } = client.status;
  client.close();
  return transport;
}

async function startHub() {
  const hub = createHub();
  const server = createServer();
  hub.attach(server);
  return { hub, port: await listening(server) };
}

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}
