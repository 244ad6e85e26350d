import type { OpenEndpoint } from './endpoint.ts';
import { type Headers, PREFLIGHT_HEADERS } from './origin.ts';

/** What a preflight is answered with, and what an endpoint takes beside that. */
export function preflightHeaders(endpoint: OpenEndpoint | undefined): Headers {
  if (!endpoint) return PREFLIGHT_HEADERS;
  const methods = { 'Access-Control-Allow-Methods': endpoint.methods.join(', ') };
  return joined({ ...PREFLIGHT_HEADERS, ...methods }, 'Access-Control-Allow-Headers', endpoint.cors?.allowed);
}

/** What every answer of an endpoint carries: of its headers, pages of other origins may read those that it names as well. */
export function exposing(headers: Headers, { cors }: OpenEndpoint): Headers {
  return joined(headers, 'Access-Control-Expose-Headers', cors?.exposed);
}

/** A page that may not read the answer at all has no such header to add to. */
function joined(headers: Headers, name: string, more: readonly string[] = []): Headers {
  const listed = headers[name];
  if (listed === undefined || more.length === 0) return headers;
  return { ...headers, [name]: [listed, ...more].join(', ') };
}
