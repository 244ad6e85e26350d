import { Agent, get, type IncomingMessage } from 'node:http';
import { monotonicMs } from '../monotonic.ts';
import { CHANNEL, WAIT_SECONDS } from './bounds.ts';
import type { FromClients, ToClients } from './crowd-message.ts';

/*
 * Clients as somebody writes them by hand, as a process of its own: each asks, waits, and asks again after what it has.
 */

/** As many connections are being opened at once. */
const OPENING = 50;

const send = (message: FromClients) => void process.send?.(message, () => {});
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
let spreadMs = 0;
let clients = 0;
let answered: number[] = [];

process.on('disconnect', () => process.exit());
process.on('message', (message: ToClients) => {
  if (message.kind === 'park') return park(message.port, message.count);
  spreadMs = message.spreadMs;
  answered = [];
});

function park(port: number, count: number): void {
  clients = count;
  let opened = 0;
  const openNext = () => {
    if (opened === count) return;
    opened += 1;
    void ask(port, undefined, openNext);
  };
  for (let nth = 0; nth < OPENING; nth++) openNext();
}

/** @param connected called once the request is on its way, for the first of a client */
async function ask(port: number, after: string | undefined, connected?: () => void): Promise<void> {
  const query = `wait=${WAIT_SECONDS}${after === undefined ? '' : `&after=${after}`}`;
  const url = `http://127.0.0.1:${port}/channels/${CHANNEL}?${query}`;
  try {
    const position = await new Promise<string>((resolve, reject) => {
      const request = get(url, { agent }, (response) => bodyOf(response).then(resolve, reject));
      request.once('error', reject);
      if (connected)
        request.once('socket', (socket) =>
          socket.connecting ? socket.once('connect', connected) : connected(),
        );
    });
    note(monotonicMs());
    setTimeout(() => void ask(port, position), Math.random() * spreadMs);
  } catch (error) {
    send({ kind: 'failed', detail: (error as Error).message });
  }
}

/** The position that the answer ends at. */
async function bodyOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}: ${text}`);
  return JSON.parse(text).position;
}

function note(at: number): void {
  answered.push(at);
  if (answered.length !== clients) return;
  send({ kind: 'answered', count: clients, firstAt: answered[0]!, lastAt: at });
}
