import { Failed, failureIn, isOk, readJson } from '../ask.ts';
import type { WireResult } from '../readings.ts';
import { framesOf, subscription, type Target } from '../target.ts';

/** What a hub parks a request for at most, by default. */
const MAX_WAIT_SECONDS = 55;

/** Of the longest silence that is tried; the most telling first. */
const SHARES = [1, 1 / 4, 1 / 2];

/**
 * Parks a request on a channel to which nothing is published: the longest silence that the SDK asks of a network. Shorter ones are
 * parked beside it. Where those are answered and it is not, something has forgotten the connection, and told nobody.
 */
export async function longPoll(target: Target): Promise<WireResult> {
  const longest = Math.min(MAX_WAIT_SECONDS, Math.max(1, Math.round(target.holdMs / 1000)));
  const waits = SHARES.slice(0, Math.max(1, target.atOnce))
    .map((share) => Math.max(1, Math.round(longest * share)))
    .sort((a, b) => a - b);
  const results = await Promise.all(waits.map((wait) => park(target, wait)));
  const whole = results.at(-1)!;
  const answered = results.find(({ state }) => state === 'proved');
  if (!isMute(whole) || answered?.state !== 'proved') return whole;
  const ms = waits[results.findIndex(isMute)]! * 1000;
  return { ...answered, held: { end: 'cut', ms, silentMs: ms, how: 'forgotten, and neither end is told' } };
}

function isMute(result: WireResult): boolean {
  return result.state === 'failed' && result.failure.by === 'network' && result.failure.cause === 'mute';
}

/** @param wait in seconds */
async function park(target: Target, wait: number): Promise<WireResult> {
  const began = performance.now();
  const passed = () => performance.now() - began;
  try {
    const answer = await target.ask('/connect', {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: framesOf([subscription(`${target.channel}.silent`)], { wait }),
      withinMs: wait * 1000 + target.patienceMs,
    });
    const firstByteMs = passed();
    // A gateway that is tired of waiting says so with a status of its own.
    if (!isOk(answer) && passed() > 900) {
      throw new Failed({ by: 'network', cause: 'cut', detail: `answer ${answer.status}` });
    }
    await readJson(answer, target.patienceMs);
    return { state: 'proved', firstByteMs, provedMs: passed(), held: { end: 'kept', ms: passed() } };
  } catch (error) {
    const failure = failureIn(error);
    const ms = passed();
    if (failure.by === 'hub' || failure.cause !== 'cut') return { state: 'failed', failure, afterMs: ms };
    const held = { end: 'cut', ms, silentMs: ms, how: failure.detail } as const;
    return { state: 'proved', firstByteMs: ms, provedMs: ms, held };
  }
}
