import type { Runtime } from '../../protocol/runtime.ts';

const EPOCH_LENGTH = 10;
const BASE = 36;

/** Names a life of a log: no two of all that a client may meet have the same. */
export function newEpoch(runtime: Runtime): string {
  const digits = Array.from(runtime.randomBytes(EPOCH_LENGTH), (byte) => (byte % BASE).toString(BASE));
  return digits.join('');
}

/** Names a node for as long as it lives. */
export function newNodeName(runtime: Runtime): string {
  return Buffer.from(runtime.randomBytes(9)).toString('base64url');
}
