import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { takesGzip } from '../transports/takes-gzip.ts';
import type { Headers } from './origin.ts';
import type { ServerReply } from './server-exchange.ts';
import { varyBy } from './variants.ts';

/** A file that is served from memory. */
export interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
  readonly etag: string;
}

/** @param type as `Content-Type` says it */
export function createAsset(type: string, content: string | Buffer): Asset {
  const plain = Buffer.from(content as string);
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  let gzipped: Buffer | undefined;
  return {
    type,
    plain,
    // When it is first asked for: a hub whose console nobody opens need not have waited for it.
    get gzipped() {
      gzipped ??= gzipSync(plain);
      return gzipped;
    },
    // Weak: the same tag stands for the compressed form.
    etag: `W/"${hash}"`,
  };
}

/** Answers a `GET` or `HEAD` with it, compressed where that is accepted, or with 304. */
export function sendAsset(reply: ServerReply, asset: Asset, more: Headers = {}): void {
  const { request, headers } = reply;
  const common = {
    ...headers,
    ...more,
    ETag: asset.etag,
    // Asked about each time, answered with 304: a file of another version than its hub would be confusing.
    'Cache-Control': 'no-cache',
    Vary: varyBy(headers.Vary, 'Accept-Encoding'),
    'X-Content-Type-Options': 'nosniff',
  };
  if (request.headers['if-none-match'] === asset.etag) {
    reply.send(304, common);
    return;
  }
  const compressed = takesGzip(request.headers['accept-encoding']);
  const body = compressed ? asset.gzipped : asset.plain;
  const head = {
    ...common,
    'Content-Type': asset.type,
    'Content-Length': body.length,
    ...(compressed ? { 'Content-Encoding': 'gzip' } : {}),
  };
  // The carrier leaves the body of an answer to HEAD out.
  reply.send(200, head, body);
}
