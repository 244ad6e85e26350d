import type { IncomingMessage, ServerResponse } from 'node:http';
import { FanwireError } from '../protocol/errors.ts';
import type { Handler } from './handler.ts';
import { sendProblem } from './problem.ts';
import { pathOf, wholePathOf } from './request-url.ts';
import { createRouter } from './router.ts';

export interface Mounting {
  readonly basePath: string;
  /** Whether health and metrics are the hub's: at the base path, and under a path where it is mounted by itself. */
  readonly monitoring: { readonly atBasePath: boolean; readonly mounted: boolean };
  /** Whether WebSockets are served on a server, by the whole path. */
  isAttached(): boolean;
}

/**
 * Answers what is the hub's, in a framework that may have taken a path off the URL. The base path stands before the whole
 * path, as for WebSockets. A hub without WebSockets and with `/` for a base path is also found where it is mounted.
 * @returns whether it was the hub's
 */
export function serveMounted(
  handler: Handler,
  { basePath, monitoring, isAttached }: Mounting,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const whole = wholePathOf(request);
  if (handler.request(request, response, whole, monitoring.atBasePath)) return true;
  const path = pathOf(request);
  if (path === whole || basePath !== '/') return false;
  if (!isAttached()) return handler.request(request, response, path, monitoring.mounted);
  if (!isHubPath(path)) return false;
  sendProblem(response, otherwiseMounted(whole, path));
  return true;
}

const isHubPath = createRouter('/');

function otherwiseMounted(whole: string, path: string): FanwireError {
  const mount = whole.endsWith(path) ? whole.slice(0, -path.length) : whole;
  return new FanwireError(
    'not_found',
    `the handler is mounted under ${mount}, and the hub’s base path is /: give createHub the option ` +
      `basePath: ${JSON.stringify(mount)}, by which WebSockets find it, too`,
  );
}
