import { type Runtime, SYSTEM_RUNTIME } from '../protocol/runtime.ts';

/** 128 random bits as digits. Not by `crypto.randomUUID`, which takes https: a phone of the same network comes by http. */
export function randomId(runtime: Runtime = SYSTEM_RUNTIME): string {
  return runtime.randomBytes(16).join('');
}
