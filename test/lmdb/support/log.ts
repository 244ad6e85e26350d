import type { TestContext } from 'node:test';
import { appendOne } from '../../../src/log/append-one.ts';
import { type LmdbLogOptions, lmdbLog } from '../../../src/log/lmdb/index.ts';
import type { Follower, Log, Retention } from '../../../src/log/log.ts';
import type { StoredMessage } from '../../../src/log/message.ts';
import { FROM_START } from '../../../src/protocol/start.ts';
import { PATIENT_MS } from '../../support/patience.ts';

export const KEEPS_ALL: Retention = { count: 1e6, ageMs: 1e9 };
const NOBODY: Follower = { appended() {}, interrupted() {} };

export async function openLog(
  t: TestContext,
  options: LmdbLogOptions,
  { follower = NOBODY, retention = KEEPS_ALL }: { follower?: Follower; retention?: Retention } = {},
): Promise<Log> {
  // A test of the time limit gives its own.
  const log = lmdbLog({ timeoutMs: PATIENT_MS, ...options });
  t.after(() => log.close());
  await log.open(follower, (channel) => (channel === 'ephemeral' ? { ...retention, count: 0 } : retention));
  return log;
}

export function appendText(log: Log, channel: string, text: string, key?: string) {
  const message = { channel, type: undefined, time: Date.now(), payload: { kind: 'text', text } as const };
  const idempotencyKey = key === undefined ? undefined : { name: key };
  return appendOne(log, { message, idempotencyKey });
}

export function textOf({ payload }: StoredMessage): string {
  return payload.kind === 'binary' ? '' : payload.text;
}

/** All that channels retain. */
export async function readMessages(log: Log, ...channels: string[]): Promise<StoredMessage[]> {
  const { items } = await log.read(channels, FROM_START, { messages: 1e6, bytes: 1e9 });
  return items.flatMap((item) => (item.kind === 'message' ? item.message : []));
}
