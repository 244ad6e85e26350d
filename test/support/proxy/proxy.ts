import type { TestContext } from 'node:test';
import { type Middlebox, startMiddlebox } from '../../../src/lab/middlebox/middlebox.ts';
import { onEnd } from '../on-end.ts';

/** Starts a middlebox before a port of loopback, for as long as the test lasts. */
export async function startProxy(t: TestContext, target: number): Promise<Middlebox> {
  const box = await startMiddlebox(target);
  onEnd(t, () => box.close());
  return box;
}
