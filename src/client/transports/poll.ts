import { ask } from './ask.ts';
import { openRequests } from './requests.ts';
import type { Link, Port } from './transport.ts';

/** Between empty answers: one that is not held back, whoever gave it, and asking again at once, would be a flood. */
const PAUSE_MS = 1000;

/** Each answer holds what there is. */
export function openPoll(port: Port, waitSeconds: number): Link {
  const { environment } = port;
  // None until the first answer, which is the proof and is not to be held back.
  let mayWait = 0;
  let emptyAt = 0;

  return openRequests(port, async (own) => {
    const { frames, positioned } = port.subscriptions();
    const wait = positioned && frames.length > 0 ? mayWait : 0;
    const answer = await ask(environment, { frames, wait }, own, wait * 1000 + environment.proofTimeoutMs);
    mayWait = waitSeconds;
    for (const frame of answer) if (!own.signal.aborted) port.receive(frame);
    // The last page ends with the position that all have reached.
    const last = answer.at(-1);
    const more = !(last && 'heartbeat' in last && last.heartbeat.position);
    const news = answer.some((frame) => 'id' in frame || 'gap' in frame);
    if (news && (more || waitSeconds)) return 0;
    if (!waitSeconds || !frames.length) return pollInterval(environment.pollIntervalMs);
    const wasEmptyAt = emptyAt;
    emptyAt = Date.now();
    return emptyAt - wasEmptyAt < PAUSE_MS ? PAUSE_MS : 0;
  });
}

/** Jittered, so that clients which started together spread out; a hidden page asks less often. */
function pollInterval(intervalMs: number): number {
  return intervalMs * (0.9 + Math.random() * 0.2) * (globalThis.document?.hidden ? 4 : 1);
}
