// The thread that has the UDP socket and the engine. It passes on what comes, a batch a tick in each direction.
import { parentPort, workerData } from 'node:worker_threads';
import { RecordWriter, TOLD } from '../records.ts';
import { PacketBatch } from './packets.ts';
import { type Binding, UdpSocket } from './socket.ts';
import { BATCH, startEngine } from './wasm.ts';

/** What the thread says besides batches. */
export type Notice =
  | { kind: 'bound'; port: number }
  | { kind: 'unbound'; code: string; message: string }
  /** The engine has shut down, and its last packets have left. */
  | { kind: 'closed' };

const port = parentPort!;
const told = new RecordWriter();
const packets = new PacketBatch();

try {
  const socket = await UdpSocket.bind(workerData as Binding);
  const engine = await startEngine({
    emit(operation, id, number, body) {
      if (told.isEmpty) queueMicrotask(flush);
      told.add(operation, id, number, body);
      if (operation === TOLD.shutDown) void socket.close().then(() => notify({ kind: 'closed' }));
    },
    send: (packet, to, address) => socket.send(packet, to, address),
  });
  socket.onpacket((packet, from) => {
    // Behind all packets that this turn of the event loop reads.
    if (packets.isEmpty) setImmediate(() => engine.take(BATCH.packets, packets.take()));
    packets.add(packet, from);
  });
  port.on('message', (batch: Uint8Array) => engine.take(BATCH.records, batch));
  notify({ kind: 'bound', port: socket.port });
} catch (error) {
  const { code = '', message } = error as NodeJS.ErrnoException;
  notify({ kind: 'unbound', code, message });
}

function flush(): void {
  const batch = told.take();
  port.postMessage(batch, [batch.buffer]);
}

function notify(notice: Notice): void {
  port.postMessage(notice);
}
