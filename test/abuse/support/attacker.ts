import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Victim } from './victim.ts';

const CODE = /"code":"(\w+)"/g;
/** Longer than any code with what stands around it. */
const OVERLAP = 60;
const KEPT_TEXT = 64 * 1024;

/** Who attacks, and whether it takes its answers. */
export interface Manner {
  /** An address of loopback. */
  readonly from?: string;
  readonly reads?: boolean;
}

export interface HttpAttack extends Manner {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Bytes that the body promises to have, when they are not those it has; `chunked` promises nothing. */
  readonly length?: number | 'chunked';
}

/** What came of one connection of an attacker's. */
export class Attempt {
  status: number | undefined;
  /** The errors that the hub named. */
  readonly codes = new Set<string>();
  /** Of a WebSocket that was closed. */
  closeCode: number | undefined;
  /** The beginning of what it answered. */
  text = '';
  /** Whether the other end's system, at least, has taken all that was sent. */
  taken = false;
  readonly ended: Promise<void>;
  /** Lets go of the connection. */
  readonly end: () => void;
  /** What was answered last, as a pattern may lie across two pieces. */
  #tail = '';
  #over = () => {};
  readonly #awaited: { readonly pattern: RegExp; readonly heard: () => void }[] = [];

  constructor(end: () => void) {
    this.end = end;
    this.ended = new Promise((resolve) => {
      this.#over = resolve;
    });
  }

  /** Resolves once the hub answers so, or the connection has ended. */
  answers(pattern: RegExp): Promise<void> {
    const heard = new Promise<void>((resolve) => this.#awaited.push({ pattern, heard: resolve }));
    return Promise.race([heard, this.ended]);
  }

  heard(text: string): void {
    if (this.text.length < KEPT_TEXT) this.text += text;
    this.#tail += text;
    for (const [, code] of this.#tail.matchAll(CODE)) this.codes.add(code!);
    for (const { pattern, heard } of this.#awaited) if (pattern.test(this.#tail)) heard();
    this.#tail = this.#tail.slice(-OVERLAP);
    this.status ??= Number(/^HTTP\/1\.1 (\d+)/.exec(this.text)?.[1]) || undefined;
  }

  over(): void {
    this.#over();
  }

  get retryAfter(): number | undefined {
    const header = /^retry-after: (\d+)/im.exec(this.text)?.[1];
    return header === undefined ? undefined : Number(header);
  }
}

/** One request over HTTP/1.1, written by hand so that it may stop anywhere. */
export function attackByHttp(victim: Victim, attack: HttpAttack): Attempt {
  const { method = 'POST', path, headers = {}, body = '', from = '127.0.0.1', reads = true } = attack;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const { length = bytes.length } = attack;
  const socket = connect({ port: victim.port, host: '127.0.0.1', localAddress: from });
  const attempt = new Attempt(() => socket.destroy());
  const framing = length === 'chunked' ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': length };
  const head = Object.entries({
    Host: `127.0.0.1:${victim.port}`,
    Connection: 'close',
    ...framing,
    ...headers,
  })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n`);
  if (length === 'chunked') socket.write(`${bytes.length.toString(16)}\r\n`);
  socket.write(bytes, (error) => {
    attempt.taken = !error;
  });
  listen(socket, attempt, reads);
  return attempt;
}

function listen(socket: Socket, attempt: Attempt, reads: boolean): void {
  socket.on('error', () => {});
  socket.on('close', () => attempt.over());
  if (reads) socket.setEncoding('latin1').on('data', (text: string) => attempt.heard(text));
}

/** One request, to its end. */
export async function request(victim: Victim, attack: HttpAttack): Promise<Attempt> {
  const attempt = attackByHttp(victim, attack);
  await attempt.ended;
  return attempt;
}

export function publish(
  victim: Victim,
  channel: string,
  body: string | Buffer,
  { contentType = 'application/json', ...more }: Partial<HttpAttack> & { readonly contentType?: string } = {},
): Promise<Attempt> {
  const headers = { 'Content-Type': contentType, ...more.headers };
  return request(victim, { path: `/channels/${channel}`, body, ...more, headers });
}

/** Sends messages over a WebSocket as fast as it can. */
export async function attackBySocket(
  victim: Victim,
  path: string,
  messages: readonly string[],
  { from = '127.0.0.1', reads = true, headers = {} }: Manner & Pick<HttpAttack, 'headers'> = {},
): Promise<Attempt> {
  const webSocket = new WebSocket(`ws://127.0.0.1:${victim.port}${path}`, {
    localAddress: from,
    headers,
    perMessageDeflate: false,
  });
  const attempt = new Attempt(() => webSocket.terminate());
  webSocket.on('error', () => {});
  webSocket.on('close', (code) => {
    attempt.closeCode = code;
    attempt.over();
  });
  // A frame is as good as a line.
  webSocket.on('message', (data) => attempt.heard(`${data}\n`));
  await Promise.race([once(webSocket, 'open'), attempt.ended]);
  if (!reads) webSocket.pause();
  // All of it in one segment, as what has been read already is the hub's to hold.
  const { _socket: socket } = webSocket as unknown as { readonly _socket: Socket | null };
  socket?.cork();
  let left = messages.length;
  for (const message of messages) {
    webSocket.send(message, (error) => {
      left -= 1;
      attempt.taken = !error && left === 0;
    });
  }
  socket?.uncork();
  return attempt;
}

/** An answer to a frame, or the refusal of all of them. */
export const ANSWERED = /"ref":\d|"code":"/;

/** Of another client each time: the log drops what one client publishes twice under the same `ref`. */
export const hello = () => JSON.stringify({ hello: { client: randomUUID() } });

/** A way to bring frames to the SDK's endpoint. A wire that is built later joins this list, and every attack on frames. */
export interface FrameWire {
  readonly name: string;
  attack(
    victim: Victim,
    frames: readonly string[],
    manner?: Manner & Pick<HttpAttack, 'headers'>,
  ): Promise<Attempt>;
}

function byPost(name: string, accept: string): FrameWire {
  return {
    name,
    attack: async (victim, frames, { headers = {}, ...manner } = {}) =>
      attackByHttp(victim, {
        path: '/connect',
        headers: { 'Content-Type': 'application/json', Accept: accept, ...headers },
        body: `[${[hello(), ...frames].join(',')}]`,
        ...manner,
      }),
  };
}

export const JSON_WIRE = byPost('one answer in JSON', 'application/json');
export const LINES_WIRE = byPost('HTTP streaming', 'application/x-ndjson');
export const EVENTS_WIRE = byPost('SSE', 'text/event-stream');
export const SOCKET_WIRE: FrameWire = {
  name: 'WebSocket',
  attack: (victim, frames, manner) => attackBySocket(victim, '/connect', [hello(), ...frames], manner),
};
export const STREAMING_WIRES = [LINES_WIRE, EVENTS_WIRE, SOCKET_WIRE];

/** Holds a refusal to one of the named errors. */
export function assertRefused(attempt: Attempt, ...codes: readonly string[]): void {
  assert.ok(
    codes.some((code) => attempt.codes.has(code)),
    `expected ${codes.join(' or ')}, found ${[...attempt.codes].join(', ') || 'no error'}: ${attempt.text.slice(0, 300)}`,
  );
}
