import { readdirSync, readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { extname } from 'node:path';
import { FanwireError } from '../protocol/errors.ts';
import { type Asset, createAsset, sendAsset } from '../server/asset.ts';
import { NodeCarrier } from '../server/node-carrier.ts';
import { sendProblem } from '../server/problem.ts';
import { pathOf } from '../server/request-url.ts';
import { ServerReply } from '../server/server-exchange.ts';

/** Lets the pages load nothing but the console's own files, and talk to no server but the hub. */
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

const PAGE_HEADERS = { 'Content-Security-Policy': POLICY, 'Referrer-Policy': 'no-referrer' };

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** The paths of the pages. One document is served at each of them, and shows the page of its path. */
const PAGES =
  /^\/(learn|networks|playground|inspector|scenarios|choose|try|operate)?$|^\/(learn|networks|scenarios)\/[\w-]+$|^\/operate\/(channels|clients)\/[^/]+$/;

/** The folders that a build filled: the console's web side, and the scenarios' files, which it shows. */
const FOLDERS = { '/': 'web/', '/examples/': 'examples/' } as const;

/**
 * Serves the console at `/`, from memory.
 * @param basePath the hub's path on the same server
 * @param endpoints the names of what else serves its channels
 */
export function createWebListener(basePath: string, endpoints: readonly string[]): RequestListener {
  const assets = new Map<string, Asset>();
  for (const [path, folder] of Object.entries(FOLDERS)) {
    const directory = new URL(folder, import.meta.url);
    for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      const type = TYPES[extname(file)];
      if (type) assets.set(path + file, createAsset(type, readFileSync(new URL(file, directory), 'utf8')));
    }
  }
  const html = assets
    .get('/index.html')!
    .plain.toString()
    .replace('{{hub}}', encodeURI(basePath))
    .replace('{{endpoints}}', endpoints.map(encodeURIComponent).join(' '));
  const page = createAsset(TYPES['.html']!, html);
  assets.delete('/index.html');

  return (request, response) => {
    const path = pathOf(request);
    const found = PAGES.test(path) ? page : assets.get(path);
    if (!found) {
      const detail = 'the page is at /, channels are at /channels/NAME';
      return sendProblem(response, new FanwireError('not_found', detail));
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return sendProblem(response, new FanwireError('method_not_allowed', 'the page can only be read'));
    }
    sendAsset(new ServerReply(new NodeCarrier(request, response), PAGE_HEADERS), found);
  };
}
