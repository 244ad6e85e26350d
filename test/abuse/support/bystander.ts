import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { onEnd } from '../../support/on-end.ts';

/** What became of a bystander's requests since it was last asked. */
export interface Sightings {
  readonly answers: number;
  readonly failures: readonly string[];
  /** Of all its requests the longest, the one under way included. */
  readonly slowestMs: number;
}

export interface Bystander {
  sightings(): Promise<Sightings>;
}

/** Not the attacker's address: what it has taken of its own share is its own affair. */
export const BYSTANDER_ADDRESS = '127.0.0.2';

/** @param headers of each request: a token, where the hub asks for one */
export function startBystander(
  t: TestContext,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Bystander {
  const worker = new Worker(new URL('./bystander-worker.js', import.meta.url), {
    workerData: { url, from: BYSTANDER_ADDRESS, headers },
  });
  onEnd(t, () => worker.terminate());
  return {
    async sightings() {
      const answered = once(worker, 'message');
      worker.postMessage('sightings');
      return (await answered)[0] as Sightings;
    },
  };
}

/** What it sees in so many requests from now on. */
export async function sightingsOf(bystander: Bystander, requests: number): Promise<Sightings> {
  await bystander.sightings();
  let answers = 0;
  let slowestMs = 0;
  const failures: string[] = [];
  while (answers + failures.length < requests) {
    await delay(20);
    const seen = await bystander.sightings();
    answers += seen.answers;
    slowestMs = Math.max(slowestMs, seen.slowestMs);
    failures.push(...seen.failures);
  }
  return { answers, failures, slowestMs };
}
