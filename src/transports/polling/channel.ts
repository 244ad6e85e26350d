import type { ChannelRead, Exchange } from '../exchange.ts';
import { answerOf, type JsonAnswer, sendJson } from '../json-answer.ts';

/** How many of the newest messages are given to whoever does not say where to start. */
const NEWEST = 100;

/** Answers at once with what there is. */
export async function servePoll(exchange: Exchange, read: ChannelRead): Promise<void> {
  const start = read.start ?? { kind: 'last', count: Math.min(NEWEST, read.limit) };
  const page = await exchange.hub.read(read.channels, start, read.limit);
  sendAnswer(exchange, answerOf(page), { 'Cache-Control': read.cacheControl });
}

/** `304` when the client has this very answer: its ETag is the position. */
function sendAnswer(exchange: Exchange, answer: JsonAnswer, headers: Readonly<Record<string, string>>): void {
  const tag = `"${answer.position}"`;
  const validators = { ...exchange.headers, ...headers, ETag: tag, 'Fanwire-Position': answer.position };
  if (holds(exchange.header('if-none-match'), tag)) {
    exchange.send(304, validators);
    return;
  }
  sendJson(exchange, answer.body, validators);
}

/** Whether `If-None-Match` says that the client has it (RFC 9110 section 13.1.2); `*` is for any. */
function holds(header: string | undefined, tag: string): boolean {
  return (header ?? '').split(',').some((one) => {
    const held = one.trim();
    return held === '*' || held.replace(/^W\//, '') === tag;
  });
}
