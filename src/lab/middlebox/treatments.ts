import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { RequestHead } from './request-head.ts';

/** One request at a middlebox, and the two connections it is about. */
export interface Exchange {
  readonly head: RequestHead;
  readonly client: Socket;
  /** Sends the request on, changed if need be; what is returned carries the answer's bytes. */
  forward(change?: (head: RequestHead) => RequestHead, route?: Route): Socket;
}

export interface Route {
  /** Default: the middlebox's target. */
  readonly port?: number | undefined;
}

/** What a middlebox does with a request. Passing it on faithfully is one of the things it may do. */
export type Treatment = (exchange: Exchange) => void;

export const pass: Treatment = ({ client, forward }) => {
  forward().pipe(client);
};

/** Node leaks the handle of a socket that is reset while its own end is still under way, and resets none of TLS. */
export function breakOff(client: Socket): void {
  if (client.writableEnded || client instanceof TLSSocket) client.destroy();
  else client.resetAndDestroy();
}

/** Breaks the connection off with a reset, as after a change of network. */
export const reset: Treatment = ({ client }) => {
  breakOff(client);
};

/** Hands on the answer's head at once and its body only when the target has finished it. */
export const bufferBody: Treatment = ({ client, forward }) => {
  collectAnswer(
    forward(),
    (head) => client.write(head),
    (_, body) => client.end(body),
  );
};

/** Takes an answer whole. @param onWhole called once: when it has as much as its Content-Length says, or at its end */
export function collectAnswer(
  upstream: Socket,
  onHead: (head: Buffer) => void,
  onWhole: (head: Buffer, body: Buffer) => void,
): void {
  const parts: Buffer[] = [];
  let head: Buffer = Buffer.alloc(0);
  let length = 0;
  let expected = Number.POSITIVE_INFINITY;
  const whole = () => onWhole(head, Buffer.concat(parts));
  splitAnswer(
    upstream,
    (bytes) => {
      head = bytes;
      const [, given] = /^content-length: *(\d+)/im.exec(`${bytes}`) ?? [];
      if (given !== undefined) expected = Number(given);
      onHead(bytes);
    },
    (part) => {
      parts.push(part);
      length += part.length;
      if (length < expected) return;
      upstream.off('end', whole);
      whole();
    },
  );
  upstream.on('end', whole);
}

/** Takes the wish for an upgrade out of the request, as a gateway does that was not told to pass it. */
export const dropUpgrade: Treatment = ({ client, forward }) => {
  forward(withoutUpgrade).pipe(client);
};

export function withoutUpgrade(head: RequestHead): RequestHead {
  return { ...head, headers: {}, lines: head.lines.filter((line) => !HOP_BY_HOP.test(line)) };
}

const HOP_BY_HOP = /^(upgrade|connection|sec-websocket-[a-z]+):/i;

/**
 * Forgets a connection once nothing has passed in either direction for so long, as a NAT does, and tells neither end: what the target
 * sends is lost, and a client that sends is answered with a reset.
 */
export function forgetWhenIdle(afterMs: number, onForgotten = () => {}): Treatment {
  return ({ client, forward }) => {
    const upstream = forward();
    upstream.pipe(client);
    client.setTimeout(afterMs, () => {
      client.setTimeout(0);
      onForgotten();
      upstream.unpipe(client);
      upstream.resume();
      client.unpipe(upstream);
      client.on('data', () => breakOff(client)).resume();
    });
  };
}

export function splitAnswer(
  upstream: Socket,
  onHead: (bytes: Buffer) => void,
  onBody?: (bytes: Buffer) => void,
) {
  let start: Buffer | undefined = Buffer.alloc(0);
  upstream.on('data', (chunk: Buffer) => {
    if (!start) return onBody?.(chunk);
    start = Buffer.concat([start, chunk]);
    const end = start.indexOf('\r\n\r\n');
    if (end === -1) return;
    onHead(start.subarray(0, end + 4));
    onBody?.(start.subarray(end + 4));
    start = undefined;
  });
}
