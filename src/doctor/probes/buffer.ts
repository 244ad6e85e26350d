import { type Answer, Failed } from '../ask.ts';
import type { BufferReading } from '../readings.ts';
import { framesOf, type Target } from '../target.ts';

/** How many pings are asked for at once: each is answered by some 36 bytes, and a request takes 2,000 frames. */
const PINGS = [0, 64, 128, 256, 512, 1024, 1900];
/** Its answer is `data: {"pong":…}` and a blank line. */
const PING = { ping: Number.MAX_SAFE_INTEGER };
const PONG_BYTES = 'data: {"pong":9007199254740991}\n\n'.length;
/** What an event stream begins with, so that small buffers give it away. */
const OPENING_BYTES = 2048;

/** Finds how much of an event stream it takes until a proxy lets go of it, by streams that begin with ever more bytes. */
export async function bufferOf(target: Target): Promise<BufferReading> {
  const passed = await Promise.all(PINGS.map((count) => passes(target, count)));
  const first = passed.indexOf(true);
  const bytesOf = (count: number) => OPENING_BYTES + count * PONG_BYTES;
  const held = first === -1 ? PINGS.length - 1 : Math.max(0, first - 1);
  return {
    heldAt: bytesOf(PINGS[held]!),
    passesAt: first === -1 ? undefined : bytesOf(PINGS[first]!),
  };
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
