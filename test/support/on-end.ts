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
    for (const each of stack.reverse()) await each();
  });
}
