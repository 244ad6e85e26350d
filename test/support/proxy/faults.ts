import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { RequestHead } from './request-head.ts';

/** One request at the proxy, and the two connections it is about. */
export interface Exchange {
  readonly head: RequestHead;
  readonly client: Socket;
  /** Sends the request to the target, changed if need be; what is returned carries the answer's bytes. */
  forward(change?: (head: RequestHead) => RequestHead): Socket;
}

/** What the proxy does with a request. Passing it on faithfully is one of the things it may do. */
export type Fault = (exchange: Exchange) => void;

export const pass: Fault = ({ client, forward }) => {
  forward().pipe(client);
};

/** Answers in the target's place, as a gateway does that cannot or will not reach it. */
export function answer(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Fault {
  const given = { 'Content-Length': `${body.length}`, Connection: 'close', ...headers };
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}\r\n`);
  return ({ client }) => {
    client.end(`HTTP/1.1 ${status} Fault\r\n${lines.join('')}\r\n${body}`);
  };
}

/** Completes the WebSocket handshake itself, then says nothing for ever. */
export const muteUpgrade: Fault = ({ head, client }) => {
  const key = `${head.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const protocol = head.headers['sec-websocket-protocol']?.split(',')[0];
  client.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}\r\n` +
      `${protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : ''}\r\n`,
  );
};

/** Takes the request and never answers. */
export const swallow: Fault = () => {};

/** Breaks the connection off with a reset, as after a change of network. */
export const reset: Fault = ({ client }) => {
  breakOff(client);
};

/** Node leaks the handle of a socket that is reset while its own end is still under way. */
export function breakOff(client: Socket): void {
  if (client.writableEnded) client.destroy();
  else client.resetAndDestroy();
}

/** Hands on the answer's head at once and its body never. */
export const withholdBody: Fault = ({ client, forward }) => {
  splitAnswer(forward(), (head) => client.write(head));
};

/** Hands on the answer's head at once and its body only when the target has finished it. */
export const bufferBody: Fault = ({ client, forward }) => {
  const held: Buffer[] = [];
  const upstream = forward();
  splitAnswer(
    upstream,
    (head) => client.write(head),
    (body) => held.push(body),
  );
  upstream.on('end', () => client.end(Buffer.concat(held)));
};

/** Ends the connection once nothing has passed in either direction for so long. */
export function cutWhenIdle(afterMs: number, onCut = () => {}): Fault {
  return ({ client, forward }) => {
    forward().pipe(client);
    client.setTimeout(afterMs, () => {
      onCut();
      client.destroy();
    });
  };
}

/** Lets exactly so many bytes of the answer through, then ends the connection. */
export function cutAfterBytes(count: number): Fault {
  return ({ client, forward }) => {
    let left = count;
    const upstream = forward();
    upstream.on('data', (chunk: Buffer) => {
      if (left > chunk.length) client.write(chunk);
      else client.end(chunk.subarray(0, left));
      left = Math.max(0, left - chunk.length);
    });
    upstream.on('end', () => client.end());
  };
}

/** Lets exactly so many bytes of the answer through, then breaks the connection off. */
export function resetAfterBytes(count: number): Fault {
  return ({ client, forward }) => {
    let left = count;
    forward().on('data', (chunk: Buffer) => {
      if (left <= 0) return;
      client.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) breakOff(client);
    });
  };
}

/** Hands everything on, each piece so much later. */
export function late(byMs: number): Fault {
  return ({ client, forward }) => {
    const upstream = forward();
    upstream.on('data', (chunk: Buffer) => setTimeout(() => client.write(chunk), byMs));
    upstream.on('end', () => setTimeout(() => client.end(), byMs));
  };
}

/** Takes the wish for an upgrade out of the request, as a gateway does that was not told to pass it. */
export const dropUpgrade: Fault = ({ client, forward }) => {
  forward((head) => ({
    ...head,
    headers: {},
    lines: head.lines.filter((line) => !HOP_BY_HOP.test(line)),
  })).pipe(client);
};

const HOP_BY_HOP = /^(upgrade|connection|sec-websocket-[a-z]+):/i;

/** Hands the answer on in pieces of one byte each, every one a write of its own. */
export const trickle: Fault = ({ client, forward }) => {
  client.setNoDelay(true);
  pipeline(forward(), byteByByte, client, () => {});
};

async function* byteByByte(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at++) {
      yield chunk.subarray(at, at + 1);
      await turn();
    }
  }
}

/** Hands the answer on faithfully and shows every chunk of it. */
export function observe(see: (chunk: Buffer) => void): Fault {
  return ({ client, forward }) => {
    forward().on('data', see).pipe(client);
  };
}

function splitAnswer(upstream: Socket, onHead: (bytes: Buffer) => void, onBody?: (bytes: Buffer) => void) {
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
