import { Failed, failureIn, readJson } from '../ask.ts';
import type { Arrivals, Echo, Echoed } from '../readings.ts';
import type { Target } from '../target.ts';

/** By which origin a page at the hub's address comes: a browser adds it by itself, to some requests alone. */
export type AsPage = (target: Target) => Promise<Echoed>;

/** The hub's clock has moved on by then. */
const BETWEEN_MS = 20;

/** What arrives of requests, as the hub sees them. */
export async function arrivals(target: Target, asPage: AsPage): Promise<Arrivals> {
  const first = await echoed(target);
  await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
  const again = await echoed(target);
  return { first, again, ofPage: await asPage(target) };
}

export async function echoed(
  target: Target,
  headers: Readonly<Record<string, string>> = {},
): Promise<Echoed> {
  try {
    const answer = await target.ask('/connect/echo', { headers });
    const echo = await readJson<Echo>(answer, target.patienceMs);
    if (typeof echo.host === 'string') return { echo };
    throw new Failed({ by: 'network', cause: 'garbled', detail: 'an answer that is no hub’s' });
  } catch (error) {
    return { failure: failureIn(error) };
  }
}
