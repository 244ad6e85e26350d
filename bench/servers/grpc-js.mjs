// grpc-js alone, as its documents begin, over an emitter of Node's: it serves the same service, and serialises a message for each call.
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { drive } from './publisher.mjs';

const PROTO = fileURLToPath(new URL('../../proto', import.meta.url));
const events = new EventEmitter().setMaxListeners(0);
const { fanwire } = loadPackageDefinition(loadSync('fanwire/v1/hub.proto', { includeDirs: [PROTO] }));
const server = new Server();
server.addService(fanwire.v1.Hub.service, {
  Subscribe(call) {
    const [channel] = call.request.channels;
    const write = (message) => call.write({ message });
    call.write({ heartbeat: { position: 'start.0' } });
    events.on(channel, write);
    call.on('cancelled', () => events.off(channel, write));
  },
});

let sequence = 0;
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, port) =>
  drive(port, (text) => {
    const id = `start.${++sequence}`;
    events.emit('scores', { id, channel: 'scores', data: Buffer.from(JSON.stringify(text)) });
  }),
);
