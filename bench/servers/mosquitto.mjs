// Mosquitto: MQTT 3.1.1 over TCP, at most once (QoS 0), published to over a connection of its own.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startProgram } from './child.mjs';
import { CONNECT, packet, text } from './mqtt.mjs';
import { drive } from './publisher.mjs';

const port = await freePort();
const config = join(mkdtempSync(join(tmpdir(), 'fanwire-mosquitto-')), 'mosquitto.conf');
writeFileSync(
  config,
  `listener ${port} 127.0.0.1
allow_anonymous true
set_tcp_nodelay true
max_queued_messages 0
log_dest none
`,
);
const program = await startProgram('mosquitto', ['-c', config], port);
const socket = connect(port, '127.0.0.1').setNoDelay();
socket.on('error', () => {});
socket.write(CONNECT);
await new Promise((resolve) => socket.once('data', resolve));
drive(port, (data) => void socket.write(packet(0x30, text('scores'), Buffer.from(data))), program);
