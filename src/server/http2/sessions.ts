import { constants, type Http2SecureServer, type Http2Server, type Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { GOODBYE_MS } from '../../protocol/close-codes.ts';
import type { Limits } from '../../protocol/limits.ts';
import { destroySession } from './destroy-session.ts';
import { GuardedSession } from './guarded-session.ts';

export interface SessionOptions {
  readonly limits: Limits;
  /** How long a connection without a stream is kept; undefined: a little longer than browsers and proxies do. */
  readonly keepAliveMs: number | undefined;
  /** How long one may be silent whose streams nobody reads. */
  readonly stallMs: number;
}

/** The HTTP/2 connections of a server of the hub's own. */
export class Sessions {
  readonly #open = new Set<Http2Session>();
  /** Beneath TLS, those in the middle of their handshake too: the server would wait for each, and knows only some. */
  readonly #sockets = new Set<Socket>();

  constructor(server: Http2Server | Http2SecureServer, options: SessionOptions) {
    const sockets = this.#sockets;
    function closed(this: Socket): void {
      sockets.delete(this);
    }

    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', closed);
    });
    server.on('session', (session) => {
      this.#open.add(session);
      session.on('close', () => this.#open.delete(session));
      new GuardedSession(session, options);
    });
  }

  /** Announces that no further streams are taken (GOAWAY): those that are open go on. */
  retire(): void {
    for (const session of this.#open) session.close();
  }

  /** Resolves once all have been told, and ended; a client that leaves its end open is not waited for. */
  async end(): Promise<void> {
    // `once` of node:events would reject where a session fails, and its end is all that is waited for.
    const closed = [...this.#open].map((session) => new Promise((resolve) => session.once('close', resolve)));
    for (const session of this.#open) destroySession(session, constants.NGHTTP2_NO_ERROR);
    await Promise.race([Promise.all(closed), delay(GOODBYE_MS, undefined, { ref: false })]);
    for (const socket of this.#sockets) socket.destroy();
  }
}
