import type { Runtime } from '../../protocol/runtime.ts';

const BASE = 36;

/** Names a life of a log: no two of all that a client may meet have the same. */
export function newEpoch(runtime: Runtime): string {
  return newWord(runtime, 10);
}

/** Small letters and digits. */
export function newWord(runtime: Runtime, length: number): string {
  return Array.from(runtime.randomBytes(length), (byte) => (byte % BASE).toString(BASE)).join('');
}

/** A name that nothing else has or can guess: of a node of a roster, or a stay. */
export function newName(runtime: Runtime): string {
  return Buffer.from(runtime.randomBytes(9)).toString('base64url');
}
