import type { ServerResponse } from 'node:http';
import type { Hub } from '../hub/hub.ts';
import { FROM_NOW } from '../protocol/start.ts';
import type { Headers } from './origin.ts';

type Health = 'ok' | 'draining' | 'log_unavailable';

/** `200` while this node can do its work, else `503`, for load balancers. */
export async function serveHealth(
  hub: Hub,
  response: ServerResponse,
  draining: boolean,
  headers: Headers,
): Promise<void> {
  const health = draining ? 'draining' : await logHealth(hub);
  const body = JSON.stringify({ status: health, node: hub.node, log: hub.log.capabilities.name });
  response.writeHead(health === 'ok' ? 200 : 503, {
    ...headers,
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
  });
  response.end(body);
}

async function logHealth(hub: Hub): Promise<Health> {
  try {
    await hub.beginning(['fanwire:health'], FROM_NOW);
    return 'ok';
  } catch {
    return 'log_unavailable';
  }
}
