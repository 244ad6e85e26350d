import type { Hub } from '../hub/hub.ts';
import { FROM_NOW } from '../protocol/start.ts';
import type { ServerReply } from './server-exchange.ts';

export type Health = 'ok' | 'draining' | 'log_read_only' | 'log_unavailable';

/** Whether the log does something; neither promise rejects. */
interface Check {
  readonly reads: Promise<boolean>;
  readonly writes: Promise<boolean>;
}

/** What has not answered by then, in milliseconds, counts as away: balancers wait for a second or two. */
const PATIENCE_MS = 500;

/** One check at a time, however many ask and however long the log takes. */
const checks = new WeakMap<Hub, Check>();

/** What the last answer about writing was: a disk that is slow just now has not refused anything. */
const lastWrites = new WeakMap<Hub, boolean>();

/**
 * `200` while this node can do its work, else `503`, for load balancers. With `?for=reading` a log that takes no messages
 * is no reason for `503`.
 */
export async function serveHealth(hub: Hub, reply: ServerReply, draining: boolean): Promise<void> {
  const health = await healthOf(hub, draining);
  const forReading = reply.request.url?.endsWith('?for=reading');
  const well = health === 'ok' || (health === 'log_read_only' && forReading);
  const body = JSON.stringify({ status: health, node: hub.node, log: hub.log.capabilities.name });
  const head = { ...reply.headers, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  reply.send(well ? 200 : 503, head, body);
}

/** Whether this node can do its work now, or what keeps it from that. */
export async function healthOf(hub: Hub, draining: boolean): Promise<Health> {
  return draining ? 'draining' : logHealth(hub);
}

async function logHealth(hub: Hub): Promise<Health> {
  const { reads, writes } = checkOf(hub);
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, false);
  });
  try {
    if (!(await Promise.race([reads, timeUp]))) return 'log_unavailable';
    const remembered = timeUp.then(() => lastWrites.get(hub) ?? true);
    return (await Promise.race([writes, remembered])) ? 'ok' : 'log_read_only';
  } finally {
    clearTimeout(timer);
  }
}

function checkOf(hub: Hub): Check {
  let check = checks.get(hub);
  if (!check) {
    const reads = succeeds(hub.beginning(['fanwire:health'], FROM_NOW));
    check = { reads, writes: succeeds(hub.log.writable?.()) };
    checks.set(hub, check);
    void Promise.all([reads, check.writes]).then(([, writes]) => {
      lastWrites.set(hub, writes);
      checks.delete(hub);
    });
  }
  return check;
}

async function succeeds(action: Promise<unknown> | undefined): Promise<boolean> {
  try {
    await action;
    return true;
  } catch {
    return false;
  }
}
