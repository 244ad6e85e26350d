import type { ChannelRead, Exchange } from '../exchange.ts';
import { gzippedPage, isShared, variedByEncoding } from '../gzipped.ts';
import { answerOf, type JsonAnswer } from '../json-answer.ts';

/** How many of the newest messages are given to whoever does not say where to start. */
const NEWEST = 100;

/** Answers at once with what there is. */
export async function servePoll(exchange: Exchange, read: ChannelRead): Promise<void> {
  const start = read.start ?? { kind: 'last', count: Math.min(NEWEST, read.limit) };
  const page = await exchange.hub.read(read.channels, start, read.limit);
  await sendAnswer(exchange, read, answerOf(page));
}

/** `304` when the client has this very answer: its ETag is the position. */
async function sendAnswer(
  exchange: Exchange,
  { channels, cacheControl }: ChannelRead,
  { body: plain, position }: JsonAnswer,
): Promise<void> {
  const tag = `"${position}"`;
  const of = { ...exchange.headers, 'Cache-Control': cacheControl, 'Fanwire-Position': position };
  if (holds(exchange.header('if-none-match'), tag)) {
    // Caches keep what it says of variants, too (RFC 9110 section 15.4.5).
    exchange.send(304, { ...of, ...(isShared(exchange, channels) && variedByEncoding(exchange)), ETag: tag });
    return;
  }
  const { head, body } = await gzippedPage(exchange, channels, plain, tag);
  if (!exchange.abandoned) exchange.send(200, { 'Content-Type': 'application/json', ...of, ...head }, body);
}

/** Whether `If-None-Match` says that the client has it (RFC 9110 section 13.1.2); `*` is for any. */
function holds(header: string | undefined, tag: string): boolean {
  return (header ?? '').split(',').some((one) => {
    const held = one.trim();
    return held === '*' || held.replace(/^W\//, '') === tag;
  });
}
