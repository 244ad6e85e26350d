// The whole product over TLS, with WebTransport beside it at the same port of UDP. Its argument is the number of channels
// that what is published goes to in turn.
import { createHub } from '../../dist/index.js';
import { drive } from './publisher.mjs';

const channels = Number(process.argv[2] ?? 1);
const hub = createHub({
  limits: {
    connectionsPerAddress: 100_000,
    publishesPerSecond: 1_000_000,
    publishBytesPerSecond: 1_000_000_000,
  },
});
const { port } = await hub.listen({
  port: 0,
  tls: 'self-signed',
  webtransport: { limits: { sessionsPerAddress: 5000, handshakesUnproven: 256 } },
});
let published = 0;
drive(port, async (data) => (await hub.publish(`scores-${published++ % channels}`, data)).id);
