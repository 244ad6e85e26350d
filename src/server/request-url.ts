import { memo } from './memo.ts';
import type { RequestHead } from './request-head.ts';

type Request = Pick<RequestHead, 'url'>;

/** A request as frameworks hand it on that take off the path under which something is mounted. */
type Mounted = Request & { readonly originalUrl?: string };

const SLASH = 0x2f;

/** A target in absolute form is one for this server as well (RFC 9112 section 3.2.2). */
const ABSOLUTE = /^https?:\/\/([^/?#]*)([^?#]*)/i;

export function pathOf({ url = '/' }: Request): string {
  if (url.charCodeAt(0) !== SLASH) return ABSOLUTE.exec(url)?.[2] || '/';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** The authority in a target of absolute form. */
export function targetAuthorityOf({ url = '/' }: Request): string | undefined {
  return url.charCodeAt(0) === SLASH ? undefined : ABSOLUTE.exec(url)?.[1];
}

/** The path as the client sent it, where a framework has taken off what stands before. */
export function wholePathOf(request: Mounted): string {
  return pathOf({ url: request.originalUrl ?? request.url });
}

/** To be read only: all who ask the same share it. */
export function queryOf({ url = '' }: Request): URLSearchParams {
  const at = url.indexOf('?');
  return at === -1 ? NO_QUERY : queryIn(url.slice(at + 1));
}

const NO_QUERY = new URLSearchParams();

/** Mostly the URL is the same: clients that wait for the next message ask from the last one on. */
const queryIn = memo((text) => new URLSearchParams(text));
