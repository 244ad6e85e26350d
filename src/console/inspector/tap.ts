import type { Socket } from 'node:net';

/** Is told of a socket's bytes. */
export interface TapListener {
  /** Bytes that the system handed over. */
  read(bytes: Buffer): void;
  /** Bytes that are handed to the system. */
  written(bytes: Buffer): void;
  /** The other end sends no more. */
  readEnded(): void;
}

/**
 * Listens in on a socket until the returned function is called. The tap is between the stream and the system, where each
 * byte passes once: bytes that are unshifted and read again are told once, and corked bytes when they are sent. On TLS the
 * tap sees the plain text.
 */
export function tapSocket(socket: Socket, listener: TapListener): () => void {
  // Node's HTTP parser bypasses the stream until the socket has a listener for `data` (node:_http_server, `unconsume`).
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
    // Without own methods the socket has those of its prototype again.
    const own: Partial<Pick<Socket, 'push' | '_write' | '_writev'>> = socket;
    delete own.push;
    delete own._write;
    delete own._writev;
  };
}

function bytesOf(chunk: Buffer | string, encoding: BufferEncoding): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
}
