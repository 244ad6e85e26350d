import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { breakOff, splitAnswer, type Treatment } from '../../../src/lab/middlebox/treatments.ts';

/** Answers in the target's place, as a gateway does that cannot or will not reach it. */
export function answer(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Treatment {
  const given = { 'Content-Length': `${body.length}`, Connection: 'close', ...headers };
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}\r\n`);
  return ({ client }) => {
    client.end(`HTTP/1.1 ${status} Fault\r\n${lines.join('')}\r\n${body}`);
  };
}

/** Completes the WebSocket handshake itself, then says nothing for ever. */
export const muteUpgrade: Treatment = ({ head, client }) => {
  const key = `${head.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const protocol = head.headers['sec-websocket-protocol']?.split(',')[0];
  client.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}\r\n` +
      `${protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : ''}\r\n`,
  );
};

/** Takes the request and never answers. */
export const swallow: Treatment = () => {};

/** Hands on the answer's head at once and its body never. */
export const withholdBody: Treatment = ({ client, forward }) => {
  splitAnswer(forward(), (head) => client.write(head));
};

/** Ends the connection once nothing has passed in either direction for so long. */
export function cutWhenIdle(afterMs: number, onCut = () => {}): Treatment {
  return ({ client, forward }) => {
    forward().pipe(client);
    client.setTimeout(afterMs, () => {
      onCut();
      client.destroy();
    });
  };
}

/** Lets exactly so many bytes of the answer through, then ends the connection. */
export function cutAfterBytes(count: number): Treatment {
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
export function resetAfterBytes(count: number): Treatment {
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
export function late(byMs: number): Treatment {
  return ({ client, forward }) => {
    const upstream = forward();
    upstream.on('data', (chunk: Buffer) => setTimeout(() => client.write(chunk), byMs));
    upstream.on('end', () => setTimeout(() => client.end(), byMs));
  };
}

/** Hands the answer on in pieces of one byte each, every one a write of its own. */
export const trickle: Treatment = ({ client, forward }) => {
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
export function observe(see: (chunk: Buffer) => void): Treatment {
  return ({ client, forward }) => {
    forward().on('data', see).pipe(client);
  };
}
