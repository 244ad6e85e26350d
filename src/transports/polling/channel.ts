import type { ChannelRead, Exchange } from '../exchange.ts';
import { type Answer, answerOf, sendJson } from '../json-answer.ts';

/** How many of the newest messages are given to whoever does not say where to start. */
const NEWEST = 100;

/** Answers at once with what there is. */
export async function servePoll(exchange: Exchange, read: ChannelRead): Promise<void> {
  exchange.hub.meter.polls += 1;
  const start = read.start ?? { kind: 'last', count: Math.min(NEWEST, read.limit) };
  const page = await exchange.hub.read(read.channels, start, read.limit);
  sendAnswer(exchange, answerOf(page), { 'Cache-Control': read.cacheControl });
}

/** `304` when the client has this very answer: its ETag is the position. */
function sendAnswer(exchange: Exchange, answer: Answer, headers: Readonly<Record<string, string>>): void {
  const tag = `"${answer.position}"`;
  const validators = { ...headers, ETag: tag, 'Fanwire-Position': answer.position };
  const held = exchange.request.headers['if-none-match'] ?? '';
  if (held.split(',').some((one) => one.trim().replace(/^W\//, '') === tag)) {
    exchange.response.writeHead(304, validators).end();
    return;
  }
  sendJson(exchange, answer.body, validators);
}
