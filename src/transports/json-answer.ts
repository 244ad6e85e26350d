import type { Batch, Format } from '../hub/delivery/format.ts';
import { gapOf } from '../log/gap.ts';
import type { PageItem } from '../log/log.ts';
import { formatPosition } from '../protocol/position.ts';
import type { Exchange } from './exchange.ts';
import { gapJson, messageJson } from './message-json.ts';

/** The body of a polling answer, shared by everyone who gets the same one. */
export interface JsonAnswer {
  readonly body: Buffer;
  readonly position: string;
}

/** `{"messages":[…],"position":"…","gaps":[…],"more":false}` */
export const answerFormat: Format<string, JsonAnswer> = {
  encode: (item) => (item.kind === 'message' ? messageJson(item.message) : JSON.stringify(gapOf(item.gap))),
  join(parts, batch) {
    const of = (kind: PageItem['kind']) =>
      parts.filter((_, index) => batch.items[index]!.kind === kind).join(',');
    const position = formatPosition(batch.position);
    const body = `{"messages":[${of('message')}],"position":"${position}","gaps":[${of('gap')}],"more":${batch.more}}`;
    return { body: Buffer.from(body), position };
  },
};

export function answerOf(batch: Batch): JsonAnswer {
  return answerFormat.join(batch.items.map(answerFormat.encode), batch);
}

/** Messages and gaps as frames of the SDK's endpoint, to be collected in a JSON array. */
export const framesFormat: Format<string, readonly string[]> = {
  encode: (item) => (item.kind === 'message' ? messageJson(item.message) : gapJson(item.gap)),
  join: (texts) => texts,
};

/** Sends an answer whole, with a length, so that the connection can be used again. */
export function sendJson(exchange: Exchange, body: Buffer, headers: Readonly<Record<string, string>>): void {
  const head = { 'Content-Type': 'application/json', 'Content-Length': body.length };
  exchange.send(200, { ...head, ...exchange.headers, ...headers }, body);
}
