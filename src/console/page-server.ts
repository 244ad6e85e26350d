import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FanwireError } from '../protocol/errors.ts';
import { sendProblem } from '../server/problem.ts';
import { pathOf } from '../server/request-url.ts';

interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
  readonly etag: string;
}

/** Nothing but the page's own files, and its hub. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** The one document answers for each of them, and finds its room by the path. */
const ROOMS = /^\/(playground|inspector|scenarios|choose|operate)?$|^\/scenarios\/[\w-]+$/;

/** What a build put there: the page, and the scenarios' own files, which it shows. */
const FOLDERS = { '/': 'page/', '/examples/': 'examples/' } as const;

/**
 * Serves the console at `/`, from memory.
 * @param basePath where the hub is on the same server
 */
export function createPageListener(basePath: string): RequestListener {
  const assets = new Map<string, Asset>();
  for (const [path, folder] of Object.entries(FOLDERS)) {
    const directory = new URL(folder, import.meta.url);
    for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      const type = TYPES[extname(file)];
      if (type) assets.set(path + file, asset(type, readFileSync(new URL(file, directory), 'utf8')));
    }
  }
  const html = assets.get('/index.html')!.plain.toString().replace('{{hub}}', encodeURI(basePath));
  const page = asset(TYPES['.html']!, html);
  assets.delete('/index.html');

  return (request, response) => {
    const path = pathOf(request);
    const found = ROOMS.test(path) ? page : assets.get(path);
    if (!found) {
      const detail = 'the page is at /, channels are at /channels/NAME';
      return sendProblem(response, new FanwireError('not_found', detail));
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return sendProblem(response, new FanwireError('method_not_allowed', 'the page can only be read'));
    }
    response.setHeader('ETag', found.etag);
    // Asked about each time, answered with 304: a page of another version than its hub would be confusing.
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('Vary', 'Accept-Encoding');
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.headers['if-none-match'] === found.etag) {
      response.writeHead(304).end();
      return;
    }
    const compressed = /\bgzip\b/.test(String(request.headers['accept-encoding']));
    const body = compressed ? found.gzipped : found.plain;
    response.writeHead(200, {
      'Content-Type': found.type,
      'Content-Length': body.length,
      ...(compressed ? { 'Content-Encoding': 'gzip' } : {}),
    });
    // Node leaves the body of an answer to HEAD out.
    response.end(body);
  };
}

function asset(type: string, content: string): Asset {
  const plain = Buffer.from(content);
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  // Weak: the same tag stands for the compressed form.
  let gzipped: Buffer | undefined;
  return {
    type,
    plain,
    // When it is first asked for: a hub whose console nobody opens need not have waited for it.
    get gzipped() {
      gzipped ??= gzipSync(plain);
      return gzipped;
    },
    etag: `W/"${hash}"`,
  };
}
