import type { TestContext } from 'node:test';

const cleanups = new WeakMap<TestContext, (() => unknown)[]>();

/** Runs at the test's end, what was opened last first: clients go before the hub that they would hold up. */
export function onEnd(t: TestContext, cleanup: () => unknown): void {
  const registered = cleanups.get(t);
  if (registered) {
    registered.push(cleanup);
    return;
  }
  const stack = [cleanup];
  cleanups.set(t, stack);
  t.after(async () => {
    const faults: unknown[] = [];
    // What fails leaves nothing else open, which would hold the whole file up.
    for (const each of stack.reverse())
      await (async () => each())().catch((fault: unknown) => faults.push(fault));
    if (faults.length > 0) throw faults[0];
  });
}
