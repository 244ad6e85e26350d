import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Exchange } from './exchange.ts';
import { takesGzip } from './takes-gzip.ts';

const compress = promisify(gzip);

/** A body, and what its headers have to say of it. */
export interface Encoded {
  readonly head: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
}

type Asked = Pick<Exchange, 'hub' | 'headers' | 'header'>;

/** Of an answer that could be encoded otherwise. */
export function variedByEncoding({ headers }: Pick<Exchange, 'headers'>): { readonly Vary: string } {
  return { Vary: [headers.Vary, 'Accept-Encoding'].filter(Boolean).join(', ') };
}

/** The body of one client's own answer: with gzip where the hub compresses, the client takes it, and there is enough of it. */
export async function gzippedIfWorth(exchange: Asked, plain: Buffer): Promise<Encoded> {
  const { compression } = exchange.hub;
  const asItIs = { 'Content-Length': plain.length };
  if (!compression || plain.length < compression.thresholdBytes) return { head: asItIs, body: plain };
  const varied = variedByEncoding(exchange);
  if (!takesGzip(exchange.header('accept-encoding'))) return { head: { ...varied, ...asItIs }, body: plain };
  // Not at once: a page of messages would hold the loop for milliseconds.
  const body = await compress(plain);
  return { head: { ...varied, 'Content-Encoding': 'gzip', 'Content-Length': body.length }, body };
}

/** Whether the messages of these channels may be compressed as one: a length then tells what they have in common. */
export function isShared({ hub }: Pick<Exchange, 'hub'>, channels: readonly string[]): boolean {
  return channels.every((channel) => hub.sharesWindow(channel));
}

/**
 * The same of a page of messages, where they may be compressed as one.
 * @param tag what it is known by: weak with gzip, as other bytes have the same name (RFC 9110 section 8.8.3.3)
 */
export async function gzippedPage(
  exchange: Asked,
  channels: readonly string[],
  page: Buffer,
  tag: string,
): Promise<Encoded> {
  if (!isShared(exchange, channels))
    return { head: { 'Content-Length': page.length, ETag: tag }, body: page };
  const { head, body } = await gzippedIfWorth(exchange, page);
  return { head: { ...head, ETag: 'Content-Encoding' in head ? `W/${tag}` : tag }, body };
}
