import { Socket } from 'node:net';
import type { NatsConnection } from '@nats-io/transport-node';

/** Where the driver (3.4) keeps its socket; a later one that keeps it elsewhere is left as it is. */
interface Inside {
  readonly protocol?: { readonly transport?: { readonly socket?: unknown } };
}

/**
 * Keeps a socket's last error from ending the process. When the server closes a connection that the driver
 * gives up at the same moment, the driver removes its listeners while an error is on its way to them.
 */
export function guardSocket(client: NatsConnection): void {
  const socket = (client as Inside).protocol?.transport?.socket;
  if (!(socket instanceof Socket)) return;
  const removeAll = socket.removeAllListeners;
  socket.removeAllListeners = (...args) => removeAll.apply(socket, args).on('error', () => {});
}
