import { type Answer, Failed } from '../ask.ts';
import type { BufferReading } from '../readings.ts';
import { framesOf, type Target } from '../target.ts';

/** How many pings are asked for at once: each is answered by some 36 bytes, and a request takes 2,000 frames. */
const PINGS = [0, 64, 128, 256, 512, 1024];
const MOST = 1900;
/** Its answer is `data: {"pong":…}` and a blank line. */
const PING = { ping: Number.MAX_SAFE_INTEGER };
const PONG_BYTES = 'data: {"pong":9007199254740991}\n\n'.length;
/** What an event stream begins with, so that small buffers give it away. */
const OPENING_BYTES = 2048;

/** Finds how much of an event stream it takes until a proxy lets go of it, by streams that begin with ever more bytes. */
export async function bufferOf(target: Target): Promise<BufferReading> {
  const bytesOf = (count: number) => OPENING_BYTES + count * PONG_BYTES;
  // What is held at the most is held at less.
  if (!(await passes(target, MOST))) return { heldAt: bytesOf(MOST) };
  const held: number[] = [];
  for (let from = 0; from < PINGS.length; from += target.atOnce) {
    const counts = PINGS.slice(from, from + target.atOnce);
    const passed = await Promise.all(counts.map((count) => passes(target, count)));
    held.push(...counts.filter((_, index) => !passed[index]));
    if (passed.includes(true)) break;
  }
  const largest = Math.max(0, ...held);
  const next = PINGS.find((count) => count > largest) ?? MOST;
  return { heldAt: bytesOf(largest), passesAt: bytesOf(held.length === 0 ? 0 : next) };
}

async function passes(target: Target, count: number): Promise<boolean> {
  const body = framesOf(Array<object>(count).fill(PING));
  const headers = { accept: 'text/event-stream' };
  try {
    return await beginsSoon(await target.ask('/connect', { method: 'POST', headers, body }), target);
  } catch (error) {
    if (error instanceof Failed) return false;
    throw error;
  }
}

function beginsSoon(answer: Answer, { patienceMs }: Target): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (passes: boolean) => {
      clearTimeout(timer);
      answer.leave();
      resolve(passes);
    };
    const timer = setTimeout(settle, patienceMs, false);
    const ended = () => settle(false);
    answer.read(() => settle(true)).then(ended, ended);
  });
}
