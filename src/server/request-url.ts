import type { IncomingMessage } from 'node:http';
import { memo } from './memo.ts';

type Request = Pick<IncomingMessage, 'url'>;

export function pathOf({ url = '/' }: Request): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** To be read only: all who ask the same share it. */
export function queryOf({ url = '' }: Request): URLSearchParams {
  const at = url.indexOf('?');
  return at === -1 ? NO_QUERY : queryIn(url.slice(at + 1));
}

const NO_QUERY = new URLSearchParams();

/** Mostly it is the same: whoever waits for the next message asks from the last one on. */
const queryIn = memo((text) => new URLSearchParams(text));
