import type { ServerFrame } from '../../protocol/frames.ts';
import { Failed, failureIn, readJson } from '../ask.ts';
import type { Reach } from '../readings.ts';
import { framesOf, subscription, type Target } from '../target.ts';

/** Whether a hub answers at all, which is a poll as the SDK makes it: the one wire that needs nothing of a network. */
export async function reach(target: Target): Promise<Reach> {
  const began = performance.now();
  try {
    const answer = await target.ask('/connect', {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: framesOf([subscription(target.channel)]),
    });
    const firstByteMs = performance.now() - began;
    const frames = await readJson<ServerFrame[]>(answer, target.patienceMs);
    const provedMs = performance.now() - began;
    const welcomed = Array.isArray(frames) ? frames.find((frame) => 'welcome' in frame) : undefined;
    if (!welcomed || !('welcome' in welcomed)) {
      throw new Failed({
        by: 'network',
        cause: 'garbled',
        detail: 'an answer that is no hub’s',
        status: 200,
      });
    }
    const { heartbeatMs, webtransport } = welcomed.welcome;
    const mayRead = frames.some((frame) => 'ok' in frame);
    return { hub: true, heartbeatMs, webtransport, mayRead, firstByteMs, provedMs };
  } catch (error) {
    return { hub: false, failure: failureIn(error), afterMs: performance.now() - began };
  }
}
