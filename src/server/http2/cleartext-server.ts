import { createServer } from 'node:http';
import { constants, createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { STREAM_REQUESTS } from '../http1/stream-request.ts';
import type { OwnServer, OwnServerOptions } from '../own-server.ts';
import { lookFirst } from './first-look.ts';
import { http2Options } from './options.ts';
import { Sessions } from './sessions.ts';

/** A server of HTTP/1.1, and of HTTP/2 for clients that know of it already. */
export function cleartextServer(options: OwnServerOptions): OwnServer {
  const { listener, keepAliveMs, limits, admit } = options;
  const server = createServer(
    { ...STREAM_REQUESTS, ...(keepAliveMs !== undefined && { keepAliveTimeout: keepAliveMs }) },
    listener,
  );
  // It never listens: connections are handed to it, and its streams to whoever is attached to the server.
  const http2 = createHttp2Server(http2Options(limits));
  http2.on('stream', (stream: ServerHttp2Stream, ...rest) => {
    if (server.emit('stream', stream, ...rest)) return;
    // Nobody is attached any more.
    stream.on('error', () => {}).close(constants.NGHTTP2_REFUSED_STREAM);
  });
  const sessions = new Sessions(http2, options);
  const silent = lookFirst(server, admit, (socket) => http2.emit('connection', socket));
  return {
    server,
    retire: () => sessions.retire(),
    end() {
      silent.end();
      server.closeAllConnections();
      return sessions.end();
    },
  };
}
