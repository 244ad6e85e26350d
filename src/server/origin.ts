import { FanwireError } from '../protocol/errors.ts';
import { authorityOf } from './host.ts';
import type { RequestHead } from './request-head.ts';

export type Headers = Readonly<Record<string, string>>;

export interface OriginOptions {
  /** Origins other than the hub's own, or '*' for every origin. */
  readonly origins: readonly string[] | '*' | undefined;
  /** Believes `X-Forwarded-Proto` and `X-Forwarded-Host`. */
  readonly trustProxy: boolean;
  /** The cookie that may carry a token, if one is configured. */
  readonly cookie: string | undefined;
}

/** What a preflight is answered with, besides the headers that the check returned for it. */
export const PREFLIGHT_HEADERS: Headers = {
  'Access-Control-Allow-Methods': 'GET, HEAD, POST',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Prefer',
  // The longest that any browser keeps it: Chromium's two hours.
  'Access-Control-Max-Age': '7200',
};

/** No browser is to take an answer for anything but what its `Content-Type` says: others choose what is in it. */
export const NOSNIFF: Headers = { 'X-Content-Type-Options': 'nosniff' };

const EXPOSED = {
  'Access-Control-Expose-Headers': 'ETag, Fanwire-Position, Preference-Applied, Retry-After',
};

/**
 * Compiles which pages may use the hub. Leaving CORS headers out only keeps a page from reading an
 * answer: it would still publish, and a WebSocket knows no CORS. So every request is checked, and refused.
 * @returns a check that gives what every response has, CORS headers among it, one object for all that get the same, or
 * throws FanwireError `origin_not_allowed`
 * @throws TypeError for origins that no browser would send, or that make a cookie usable by every page
 */
export function createOriginCheck({
  origins,
  trustProxy,
  cookie,
}: OriginOptions): (request: RequestHead) => Headers {
  if (origins === '*') {
    if (cookie !== undefined) {
      throw new TypeError(
        "origins can't be '*' with a cookie for tokens: any page could act as its visitors",
      );
    }
    // The same for every request, so that caches need not tell origins apart.
    const anyone = { 'Access-Control-Allow-Origin': '*', ...EXPOSED, ...NOSNIFF };
    return () => anyone;
  }
  origins?.forEach(assertOrigin);
  const unlisted = { Vary: 'Origin', ...NOSNIFF };
  const listed = new Map(
    origins?.map((origin) => [
      origin,
      {
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Credentials': 'true',
        ...EXPOSED,
        ...unlisted,
      },
    ]),
  );

  return (request) => {
    const { origin } = request.headers;
    if (origin === undefined) {
      assertNotForeignLoad(request);
      return unlisted;
    }
    const headers = listed.get(origin);
    if (headers) return headers;
    // The browser's own word, which no page can change and a proxy that changes Host does not touch.
    if (request.headers['sec-fetch-site'] === 'same-origin') return unlisted;
    const own = ownOrigin(request, trustProxy, authorityOf(request));
    if (origin === own) return unlisted;
    const forwarded = trustProxy ? nearest(request.headers['x-forwarded-host']) : undefined;
    if (forwarded !== undefined && origin === ownOrigin(request, trustProxy, forwarded)) return unlisted;
    throw new FanwireError(
      'origin_not_allowed',
      `pages of ${origin} may not use this hub, whose own origin is ${own ?? 'unknown'}: add theirs to \`origins\`; ` +
        'or, behind a proxy, have it pass `Host` on, and set `trustProxy` if it ends TLS for the hub',
    );
  };
}

/**
 * Images and scripts of a foreign page are loaded without an Origin header. Browsers name them in
 * Sec-Fetch-Site, where a sibling subdomain or another port is `same-site`. Following a link is fine.
 */
function assertNotForeignLoad({ headers }: RequestHead): void {
  const site = headers['sec-fetch-site'];
  if ((site === 'cross-site' || site === 'same-site') && headers['sec-fetch-mode'] !== 'navigate') {
    throw new FanwireError(
      'origin_not_allowed',
      'another page may load this only by fetch, EventSource or WebSocket',
    );
  }
}

/** The origin of a page that the hub itself would serve to this client, undefined without a sensible Host. */
function ownOrigin(request: RequestHead, trustProxy: boolean, authority: string): string | undefined {
  const forwarded = trustProxy ? nearest(request.headers['x-forwarded-proto']) : undefined;
  const scheme = forwarded ?? (request.socket.encrypted ? 'https' : 'http');
  const url = `${scheme}://${authority}`;
  // A scheme without origins gives 'null', which a page's own opaque origin must not equal.
  return URL.canParse(url) && /^https?$/.test(scheme) ? new URL(url).origin : undefined;
}

/** The last entry is the nearest proxy's. */
function nearest(header: string | string[] | undefined): string | undefined {
  return header === undefined ? undefined : String(header).split(',').at(-1)!.trim();
}

/** Whether a browser would send it, in this spelling. */
export function isOrigin(text: string): boolean {
  return text === 'null' || text === serialised(text);
}

function assertOrigin(origin: string, index: number): void {
  if (isOrigin(origin)) return;
  throw new TypeError(
    `origins[${index}] must be an origin as browsers send it, such as https://app.example ` +
      `(no path, final slash, default port or wildcard), not ${JSON.stringify(origin)}`,
  );
}

function serialised(origin: string): string | undefined {
  // A URL may hold a star, but here it could only be meant as a wildcard.
  if (origin.includes('*') || !URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  // Pages of apps and extensions have origins such as capacitor://localhost, which URL.origin does not know.
  return url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin;
}
