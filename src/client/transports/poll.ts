import type { Environment } from '../environment.ts';
import { ask } from './ask.ts';
import { openRequests } from './requests.ts';
import type { Link, Port } from './transport.ts';

/** Two empty answers that come sooner were not held back by the hub: without a pause the next request would begin a flood. */
const PAUSE_MS = 1000;

/** Asks again and again. Each answer has the messages since the one before. */
export function openPoll(port: Port, waitSeconds: number): Link {
  const { environment } = port;
  // 0 until the first answer, because that is the link's proof and must not be held back.
  let mayWait = 0;
  let emptyAt = 0;

  return openRequests(port, async (own) => {
    const { frames, positioned } = port.subscriptions();
    const wait = positioned && frames.length ? mayWait : 0;
    const answer = await ask(environment, { frames, wait }, own, wait * 1000 + environment.proofTimeoutMs);
    mayWait = waitSeconds;
    for (const frame of answer) if (!own.signal.aborted) port.receive(frame);
    // The last page ends with the position that all channels have reached.
    const last = answer.at(-1);
    const more = !(last && 'heartbeat' in last && last.heartbeat.position);
    const news = answer.some((frame) => 'id' in frame || 'gap' in frame);
    if (news && (more || waitSeconds)) return 0;
    if (!waitSeconds || !frames.length) return pollInterval(environment);
    const wasEmptyAt = emptyAt;
    emptyAt = environment.runtime.now();
    return emptyAt - wasEmptyAt < PAUSE_MS ? PAUSE_MS : 0;
  });
}

/** Partly random, so that clients that started together spread out. A hidden page asks less often. */
function pollInterval({ pollIntervalMs, runtime }: Environment): number {
  return pollIntervalMs * (0.9 + runtime.random() * 0.2) * (globalThis.document?.hidden ? 4 : 1);
}
