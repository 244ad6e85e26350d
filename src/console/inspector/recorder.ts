import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Head } from './head.ts';
import { type Carrier, Marked } from './marked.ts';
import { type ExchangeRecorder, ObservedConnection } from './observed-connection.ts';
import { tapSocket } from './tap.ts';
import { MARK_MS, MARK_PARAMETER, type Recorded, type WireBatch } from './wire-record.ts';

/** Without payload (RFC 6455 section 5.5.2). The hub writes whole frames, so that this one never lands amid another. */
const PING = Buffer.of(0x89, 0);
const EXPIRY_MS = 5_000;
/** Beyond so many marks the oldest gives way, because a page may ask in a loop. */
const MAX_MARKS = 200;

/**
 * Records what crosses the wire for requests that carry a mark. Without marks it only knows which sockets are open. With
 * a mark it listens in on all of them, because a browser may send its next request on any.
 */
export interface Recorder {
  /** Heeds a mark for a while. Returns whether the mark was heeded already. */
  arm(mark: string, what: Recorded): boolean;
  /** Closes the connections of the exchanges under a mark. */
  cut(mark: string): void;
  /** Sends a ping over the WebSockets under a mark. */
  ping(mark: string): void;
  stop(): void;
}

export interface RecorderOptions {
  readonly publish: (mark: string, batch: WireBatch) => Promise<unknown>;
  /** Whether the path's bytes may be shown. Of other paths only totals are kept, because the SDK's bodies have tokens in them. */
  readonly maySee: (path: string) => boolean;
}

export function createRecorder(
  server: Server | Http2SecureServer,
  { publish, maySee }: RecorderOptions,
): Recorder {
  /** Tells this process's exchanges and connections from those of others. */
  const prefix = randomBytes(4).toString('hex');
  let exchanges = 0;
  let connections = 0;
  const open = new Set<Socket>();
  const marks = new Map<string, { readonly marked: Marked; until: number }>();
  const taps = new Map<Socket, () => void>();
  let timer: NodeJS.Timeout | undefined;

  // With TLS, `connection` gives the socket beneath, whose bytes are encrypted.
  const opened = server instanceof TlsServer ? 'secureConnection' : 'connection';
  server.on(opened, onConnection);

  // One function for all sockets, because a closure each would be most of what a connection costs here.
  function onClose(this: Socket): void {
    open.delete(this);
  }

  function onConnection(socket: Socket & { readonly alpnProtocol?: string | false | null }): void {
    // Its frames are nothing that is shown; a page that came over HTTP/1.1 may be.
    if (socket.alpnProtocol === 'h2') return;
    if (open.has(socket)) {
      // The server reads the socket anew from its beginning (see server/plain-upgrade.ts), so that what the tap knows no longer fits.
      untap(socket);
      return;
    }
    open.add(socket);
    socket.on('close', onClose);
    if (marks.size > 0) tap(socket, true);
  }

  function tap(socket: Socket, isNew: boolean): void {
    const connection = `${prefix}.${++connections}`;
    const carrier: Carrier = { cut: () => socket.destroy(), ping: () => socket.write(PING) };
    const observed = new ObservedConnection((head, nth) => recorderOf(head, connection, nth, carrier), isNew);
    let closedBy: 'client' | 'server' = 'server';
    const release = tapSocket(socket, {
      read: (bytes) => observed.read(bytes),
      written: (bytes) => observed.written(bytes),
      readEnded() {
        if (!socket.writableEnded) closedBy = 'client';
      },
    });
    const onEnd = () => {
      taps.delete(socket);
      observed.closed(socket.errored ? 'client' : closedBy);
    };
    socket.once('close', onEnd);
    taps.set(socket, () => {
      release();
      socket.off('close', onEnd);
      onEnd();
    });
  }

  function untap(socket: Socket): void {
    taps.get(socket)?.();
  }

  function recorderOf(
    head: Head,
    connection: string,
    nth: number,
    carrier: Carrier,
  ): ExchangeRecorder | undefined {
    const [path = '', query] = head.second.split('?');
    const mark = new URLSearchParams(query).get(MARK_PARAMETER);
    const found = mark ? marks.get(mark) : undefined;
    if (!found || (found.marked.what === 'bytes' && !maySee(path))) return undefined;
    // Another site's page could have a visitor's browser send a mark that the page knows.
    if ((head.field('sec-fetch-site') ?? 'same-origin') !== 'same-origin') return undefined;
    return found.marked.record(`${prefix}-${++exchanges}`, connection, nth, carrier);
  }

  function expire(): void {
    for (const [mark, { until }] of marks) if (until < performance.now()) marks.delete(mark);
    if (marks.size === 0) disarm();
  }

  function disarm(): void {
    clearInterval(timer);
    for (const socket of [...taps.keys()]) untap(socket);
  }

  return {
    arm(mark, what) {
      if (marks.size === 0) {
        for (const socket of open) tap(socket, false);
        timer = setInterval(expire, EXPIRY_MS).unref();
      }
      const until = performance.now() + MARK_MS;
      const before = marks.get(mark);
      if (before?.marked.what === what) {
        before.until = until;
        return true;
      }
      const [oldest] = marks.keys();
      if (oldest !== undefined && marks.size >= MAX_MARKS) marks.delete(oldest);
      marks.set(mark, { marked: new Marked(what, (batch) => publish(mark, batch)), until });
      return false;
    },
    cut: (mark) => marks.get(mark)?.marked.cut(),
    ping: (mark) => marks.get(mark)?.marked.ping(),
    stop() {
      server.off(opened, onConnection);
      marks.clear();
      disarm();
    },
  };
}
