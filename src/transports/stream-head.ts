import type { Exchange, Head } from './exchange.ts';

/** The head of an answer that does not end, which is all that a HEAD gets. */
export function streamHead({ headers }: Pick<Exchange, 'headers'>, head: Head): Head {
  return {
    ...headers,
    ...head,
    // `no-transform` keeps proxies and compressing middleware from holding the stream back; nginx has its own word.
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  };
}
