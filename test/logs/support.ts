import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Follower, Log } from '../../src/log/log.ts';
import type { StoredMessage } from '../../src/log/message.ts';
import { type NatsLogOptions, natsLog } from '../../src/log/nats/index.ts';
import { type RedisLogOptions, redisLog } from '../../src/log/redis/index.ts';
import { FanwireError } from '../../src/protocol/errors.ts';
import { type Runtime, SYSTEM_RUNTIME } from '../../src/protocol/runtime.ts';

/** What a call to an engine may take in these tests: outages are to be over soon, and busy machines to be none. */
export const TIMEOUT_MS = 2000;

/** Keeps what a log tells of. */
export class Listener implements Follower {
  readonly heard: StoredMessage[] = [];
  interruptions = 0;
  #changed: () => void = () => {};

  appended(message: StoredMessage): void {
    this.heard.push(message);
    this.#changed();
  }

  interrupted(): void {
    this.interruptions += 1;
    this.#changed();
  }

  async until(enough: () => boolean): Promise<void> {
    while (!enough()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}

export async function openRedisLog(
  t: TestContext,
  options: RedisLogOptions,
  follower: Follower = new Listener(),
): Promise<Log> {
  const log = redisLog({ timeoutMs: TIMEOUT_MS, ...options });
  t.after(() => log.close());
  await log.open(follower, () => ({ count: 1000, ageMs: 86_400_000 }));
  return log;
}

export async function openNatsLog(
  t: TestContext,
  options: NatsLogOptions,
  follower: Follower = new Listener(),
  runtime: Runtime = SYSTEM_RUNTIME,
): Promise<Log> {
  const log = natsLog({ timeoutMs: TIMEOUT_MS, ...options });
  t.after(() => log.close());
  await log.open(follower, () => ({ count: 1000, ageMs: 86_400_000 }), runtime);
  return log;
}

/** Holds a call to the contract: it fails as it should, and in time. */
export async function assertUnavailable(call: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await assert.rejects(call, (error) => error instanceof FanwireError && error.code === 'log_unavailable');
  const tookMs = performance.now() - started;
  // Two processes on a busy machine: what matters is that it does not hang.
  assert.ok(tookMs < TIMEOUT_MS * 5, `refused within the time limit, not after ${tookMs} ms`);
}

/** Calls again until it succeeds. */
export async function untilAvailable<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof FanwireError)) throw error;
      await delay(20);
    }
  }
}
