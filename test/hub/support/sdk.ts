import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type { ClientFrame } from '../../../src/protocol/frames.ts';
import { type Answer, send } from '../../support/http.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into frames of every shape
type AnyFrame = any;

export interface SdkOptions {
  readonly client?: string;
  /** In the first frame. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

/** The SDK's endpoint over a WebSocket, frame by frame. */
export interface SdkSocket {
  send(...frames: ClientFrame[]): void;
  /** The next frame. @throws once the socket has closed and everything has been read */
  next(): Promise<AnyFrame>;
  /** Reads on to the next frame that has a member of this name. */
  nextOf(member: string): Promise<AnyFrame>;
  /** Sends a frame, and reads on to its answer. */
  ask(frame: ClientFrame & { readonly ref: number }): Promise<AnyFrame>;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly socket: WebSocket;
}

/** Opens the SDK's endpoint and says hello; the welcome has not been read yet. */
export function openSdk(t: TestContext, url: string, options: SdkOptions = {}): SdkSocket {
  const { client = 'client-of-a-test', token, headers = {}, protocols = [] } = options;
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/connect`, [...protocols], { headers });
  t.after(() => socket.terminate());
  const waiting: AnyFrame[] = [];
  let ended = false;
  let wake = () => {};
  socket.on('open', () =>
    socket.send(JSON.stringify({ hello: { client, ...(token === undefined ? {} : { token }) } })),
  );
  socket.on('error', () => {});
  socket.on('message', (data) => {
    waiting.push(JSON.parse(String(data)));
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      ended = true;
      wake();
      resolve({ code, reason: String(reason) });
    });
  });

  async function next(): Promise<AnyFrame> {
    while (waiting.length === 0) {
      if (ended) throw new Error('the socket has closed');
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return waiting.shift();
  }

  async function readTo(fits: (frame: AnyFrame) => boolean): Promise<AnyFrame> {
    for (;;) {
      const frame = await next();
      if (fits(frame)) return frame;
    }
  }

  const api: SdkSocket = {
    send(...frames) {
      for (const frame of frames) socket.send(JSON.stringify(frame));
    },
    next,
    nextOf: (member) => readTo((frame) => member in frame),
    ask(frame) {
      api.send(frame);
      return readTo((answer) => answer.ref === frame.ref);
    },
    closed,
    socket,
  };
  return api;
}

/** Opens the SDK's endpoint and reads its welcome. */
export async function connectSdk(t: TestContext, url: string, options: SdkOptions = {}): Promise<SdkSocket> {
  const sdk = openSdk(t, url, options);
  await sdk.nextOf('welcome');
  return sdk;
}

/** Frames in one request. */
export function postFrames(
  url: string,
  frames: readonly ClientFrame[],
  { client = 'client-of-a-test', wait, headers = {} }: SdkOptions & { wait?: number } = {},
): Promise<Answer> {
  const hello = { client, ...(wait === undefined ? {} : { wait }) };
  return send(`${url}/connect`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify([{ hello }, ...frames]),
  });
}

/** The answer to a frame among those of a response. */
export function answerTo(ref: number, answer: Answer): AnyFrame {
  return answer.json().find((frame: AnyFrame) => frame.ref === ref);
}
