import { failureIn, readJson } from '../ask.ts';
import type { PollReading } from '../readings.ts';
import type { Target } from '../target.ts';

interface Poll {
  readonly messages: readonly unknown[];
}

/**
 * Polls a channel by GET, as clients without the SDK do it, and once more under the same URL.
 * @param publish what is published in between; resolves to whether it was
 */
export async function polls(
  target: Target,
  publish: () => Promise<boolean>,
): Promise<{ polls: PollReading | undefined; mayPublish: boolean }> {
  const before = await poll(target);
  const mayPublish = await publish();
  const after = before && (await poll(target));
  if (!after) return { polls: undefined, mayPublish };
  const { age, cacheControl, messages } = after;
  const stale = mayPublish ? messages === 0 : undefined;
  return { polls: { stale, age, mayBeCached: /s-maxage=[1-9]/.test(cacheControl) }, mayPublish };
}

async function poll(target: Target) {
  try {
    const answer = await target.ask(`/channels/${target.channel}?after=start`);
    const { messages } = await readJson<Poll>(answer, target.patienceMs);
    const age = answer.header('age');
    const cacheControl = answer.header('cache-control') ?? '';
    return {
      age: age === undefined ? undefined : Number(age),
      cacheControl,
      messages: messages.length,
    };
  } catch (error) {
    failureIn(error);
    return undefined;
  }
}

/** Publishes to a channel that nobody else reads; false where that is refused. */
export async function publishTo(target: Target): Promise<boolean> {
  try {
    const body = '"fanwire doctor"';
    await readJson(
      await target.ask(`/channels/${target.channel}`, { method: 'POST', body }),
      target.patienceMs,
    );
    return true;
  } catch (error) {
    failureIn(error);
    return false;
  }
}
