import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { takesGzip } from '../transports/takes-gzip.ts';
import type { ServerExchange } from './server-exchange.ts';
import { varyBy } from './variants.ts';

const compress = promisify(gzip);

/** A body, and what its headers have to say of it. */
export interface Encoded {
  readonly head: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
}

/** The body of one client's own answer: with gzip where the hub compresses, the client takes it, and there is enough of it. */
export async function gzippedIfWorth(
  { hub, request, headers }: ServerExchange,
  text: string,
): Promise<Encoded> {
  const plain = Buffer.from(text);
  const { compression } = hub;
  if (!compression || plain.length < compression.thresholdBytes) {
    return { head: { 'Content-Length': plain.length }, body: plain };
  }
  const Vary = varyBy(headers.Vary, 'Accept-Encoding');
  if (!takesGzip(request.headers['accept-encoding'])) {
    return { head: { Vary, 'Content-Length': plain.length }, body: plain };
  }
  // Not at once: a page of messages would hold the loop for milliseconds.
  const body = await compress(plain);
  return { head: { Vary, 'Content-Encoding': 'gzip', 'Content-Length': body.length }, body };
}
