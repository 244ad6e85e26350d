import { setTimeout as wait } from 'node:timers/promises';
import type { Arrivals, Echo, Echoed } from '../readings.ts';
import { ask, Failed, failureIn, readJson } from '../request.ts';
import type { Target } from '../target.ts';

/** The hub's clock has moved on by then. */
const BETWEEN_MS = 20;

/** What arrives of requests, as the hub sees them. */
export async function arrivals(target: Target): Promise<Arrivals> {
  const first = await echoed(target);
  await wait(BETWEEN_MS);
  const again = await echoed(target);
  return { first, again, ofPage: await echoed(target, { origin: new URL(target.url).origin }) };
}

async function echoed(target: Target, headers: Readonly<Record<string, string>> = {}): Promise<Echoed> {
  try {
    const answer = await ask(target, '/connect/echo', { headers });
    const echo = await readJson<Echo>(answer, target.patienceMs);
    if (typeof echo.host === 'string') return { echo };
    throw new Failed({ by: 'network', cause: 'garbled', detail: 'an answer that is no hub’s' });
  } catch (error) {
    return { failure: failureIn(error) };
  }
}
