import { failureIn, readJson } from '../ask.ts';
import type { UploadReading } from '../readings.ts';
import { framesOf, type Target } from '../target.ts';

const KIB = 1024;
/** The last is what a message of 1 MiB takes, the largest by default: a little more than what many proxies allow. */
const SIZES = [16 * KIB, 60 * KIB, 256 * KIB, 1024 * KIB + KIB];

/** Sends ever larger bodies, of blanks, until one is refused. Nothing is published. */
export async function upload(target: Target): Promise<UploadReading> {
  let passedBytes = 0;
  for (const bytes of SIZES) {
    try {
      const frames = framesOf([]);
      const body = `${frames.slice(0, -1)}${' '.repeat(bytes - frames.length)}]`;
      const headers = { accept: 'application/json' };
      await readJson(await target.ask('/connect', { method: 'POST', headers, body }), target.patienceMs);
      passedBytes = bytes;
    } catch (error) {
      return { passedBytes, refused: { bytes, failure: failureIn(error) } };
    }
  }
  return { passedBytes };
}
