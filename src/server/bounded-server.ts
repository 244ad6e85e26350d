import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { descriptors } from './descriptors.ts';

/** A server that closes what comes once there are so many sockets that files could not be opened any more. */
export function boundedServer(listener?: RequestListener, options: ServerOptions = {}): Server {
  const server = createServer(options, listener);
  const most = descriptors()?.sockets;
  if (most !== undefined) server.maxConnections = most;
  return server;
}
