import type { Credentials } from '../hub/authorisation/access.ts';
import type { JwtOptions } from '../hub/authorisation/jwt.ts';
import { FanwireError } from '../protocol/errors.ts';
import { offeredSubprotocols } from '../transports/websocket/subprotocol.ts';
import type { RequestHead } from './request-head.ts';

/** Where a token may be, beside the `Authorization` header and the WebSocket subprotocols. */
export type TokenPlaces = Pick<JwtOptions, 'cookie' | 'urlParameter'>;

type Request = Pick<RequestHead, 'headers' | 'url'>;

const SUBPROTOCOL_TOKEN = 'bearer.';

// RFC 6750 section 2.1; the scheme's case is free (RFC 9110 section 11.1).
const BEARER_SCHEME = /^bearer\b/i;
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/**
 * Who a request says it comes from.
 * @throws FanwireError `unauthenticated` for a malformed bearer header, `invalid_parameter` for two
 * different tokens: whichever of them were taken, somebody would be surprised
 */
export function credentialsOf(request: Request, address: string, places: TokenPlaces = {}): Credentials {
  return { token: tokenOf(request, places), headers: request.headers, address };
}

function tokenOf(request: Request, places: TokenPlaces): string | undefined {
  const { headers, url } = request;
  // Mostly there is none in any place, and nothing to make lists of.
  if (!hasPlaces(headers) && places.urlParameter === undefined) return undefined;
  const [token, ...others] = [
    ...bearerToken(headers.authorization),
    ...subprotocolTokens(request),
    ...cookieValues(headers.cookie, places.cookie),
    ...urlValues(url, places.urlParameter),
  ];
  if (others.some((other) => other !== token)) {
    throw new FanwireError('invalid_parameter', 'the request carries two different tokens: send one');
  }
  return token;
}

function hasPlaces(headers: RequestHead['headers']): boolean {
  return (headers.authorization ?? headers['sec-websocket-protocol'] ?? headers.cookie) !== undefined;
}

function bearerToken(header: string | undefined): string[] {
  // Another scheme is for somebody else, a proxy or an `authorise` function.
  if (header === undefined || !BEARER_SCHEME.test(header)) return [];
  const match = BEARER.exec(header);
  if (!match) throw new FanwireError('unauthenticated', 'the header Authorization must be: Bearer TOKEN');
  return [match[1]!];
}

function subprotocolTokens(request: Request): string[] {
  return offeredSubprotocols(request)
    .filter((protocol) => protocol.startsWith(SUBPROTOCOL_TOKEN))
    .map((protocol) => protocol.slice(SUBPROTOCOL_TOKEN.length));
}

function cookieValues(header: string | undefined, cookie: string | undefined): string[] {
  if (header === undefined || cookie === undefined) return [];
  return (
    header
      .split(';')
      .map((pair) => splitOnce(pair.trim(), '='))
      .filter(([name]) => name === cookie)
      // RFC 6265 section 4.1.1: a value may stand in quotes.
      .map(([, value = '']) => value.replace(/^"(.*)"$/, '$1'))
  );
}

function urlValues(url = '', urlParameter: string | undefined): string[] {
  if (urlParameter === undefined) return [];
  return new URLSearchParams(splitOnce(url, '?')[1]).getAll(urlParameter);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
