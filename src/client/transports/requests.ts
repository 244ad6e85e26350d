import type { Timer } from '../../protocol/runtime.ts';
import { failureOf, TransportError } from '../failure.ts';
import type { Link, Port } from './transport.ts';

/**
 * A link of requests, one after the other. Each begins where the one before ended.
 *
 * @param run sends one request, and resolves to the delay before the next. It may abort `own`: if the reason is a
 *   TransportError, the link is lost for that reason.
 */
export function openRequests(port: Port, run: (own: AbortController) => Promise<number>): Link {
  const { runtime } = port.environment;
  let request: AbortController | undefined;
  let timer: Timer | undefined;

  const close = () => {
    runtime.clear(timer);
    request?.abort();
  };

  const start = async () => {
    close();
    const own = new AbortController();
    request = own;
    const { signal } = own;
    try {
      const delayMs = await run(own);
      if (signal.aborted) return;
      if (delayMs) timer = runtime.setTimeout(start, delayMs);
      else start();
    } catch (error) {
      const reason = signal.aborted ? signal.reason : error;
      if (!signal.aborted || reason instanceof TransportError) port.lost(failureOf(reason));
    }
  };

  start();
  return { refresh: start, close };
}
