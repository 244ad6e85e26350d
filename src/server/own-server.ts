import type { RequestListener, Server } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import type { Limits } from '../protocol/limits.ts';

/** A server that is the hub's own: of HTTP/1.1 and HTTP/2, on one port. */
export interface OwnServer {
  readonly server: Server | Http2SecureServer;
  /** Lets connections of HTTP/2 know that they are to open no further streams. */
  retire(): void;
  /** Ends every connection; resolves once those of HTTP/2 have been told. */
  end(): Promise<void>;
}

export interface OwnServerOptions {
  readonly listener: RequestListener | undefined;
  readonly limits: Limits;
  /** How long an idle connection of HTTP/1.1 is kept; undefined: as Node does. */
  readonly keepAliveMs: number | undefined;
  /** How long one of HTTP/2 is kept whose streams nobody reads. */
  readonly stallMs: number;
  /** Whether a connection may stay. */
  readonly admit: (socket: Socket) => boolean;
}
