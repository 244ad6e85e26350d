import type { Socket } from 'node:net';

/** Who is told of a socket's bytes. */
export interface TapListener {
  /** As the system handed them over. */
  read(bytes: Buffer): void;
  /** As they are handed to the system. */
  written(bytes: Buffer): void;
  /** The other end sends no more. */
  readEnded(): void;
}

/**
 * Listens in on a socket until the returned function is called. It puts itself between the stream and the
 * system, where a byte passes once: what is unshifted and read again is not told twice, and what is
 * corked is told as it is sent. On TLS it hears the plain text.
 */
export function tapSocket(socket: Socket, listener: TapListener): () => void {
  // Node's HTTP parser reads past the stream until somebody else listens (node:_http_server, `unconsume`).
  const nobody = () => {};
  socket.on('data', nobody).off('data', nobody);

  const { push, _write, _writev } = socket;
  socket.push = (chunk: Buffer | null, ...rest) => {
    if (chunk) listener.read(chunk);
    else listener.readEnded();
    return push.call(socket, chunk, ...rest);
  };
  socket._write = (chunk: Buffer | string, encoding, callback) => {
    listener.written(bytesOf(chunk, encoding));
    _write.call(socket, chunk, encoding, callback);
  };
  socket._writev = (chunks, callback) => {
    listener.written(Buffer.concat(chunks.map(({ chunk, encoding }) => bytesOf(chunk, encoding))));
    _writev!.call(socket, chunks, callback);
  };
  return () => {
    // Those of the prototype come to light again.
    const own: Partial<Pick<Socket, 'push' | '_write' | '_writev'>> = socket;
    delete own.push;
    delete own._write;
    delete own._writev;
  };
}

function bytesOf(chunk: Buffer | string, encoding: BufferEncoding): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
}
