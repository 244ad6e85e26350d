import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

const NONE = -1;
/** Where a handle keeps its descriptor, which it has as long as it is a socket's: Node's own getter asks the system's library. */
const DESCRIPTOR = Symbol('descriptor');
const { write, _write } = Socket.prototype;

/** What of a socket is not in its public interface. A runtime that lacks it has no descriptors for us. */
interface Inner extends Writable {
  readonly timeout?: number;
  readonly _handle?: { readonly fd?: number; [DESCRIPTOR]?: number } | null;
  readonly _writableState?: { readonly length: number };
}

/**
 * The file descriptor of a socket to which bytes may go past its stream: it is bare TCP or a Unix socket, its stream holds nothing that would have to
 * go first, nobody has put himself between (the console's recorder does), and no time limit is kept by what the stream writes. Else a
 * negative number. To be used at once: once the socket ends, the system may give the number to another.
 */
export function descriptorOf(socket: Inner): number {
  const { _handle, _writableState, timeout } = socket;
  // Not TLS, whose sockets have a descriptor too.
  if ((socket.constructor as unknown) !== Socket) return NONE;
  if (!_handle || _writableState?.length !== 0 || timeout) return NONE;
  if (socket.write !== write || socket._write !== _write) return NONE;
  return (_handle[DESCRIPTOR] ??= _handle.fd ?? NONE);
}
