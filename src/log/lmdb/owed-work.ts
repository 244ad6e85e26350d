import { isMainThread } from 'node:worker_threads';

/** Transactions whose work this thread has yet to do. LMDB's own thread waits for it, with the directory's lock held. */
let owed = 0;

/** What ends the process, until it is known to go on. */
let fault: { readonly error: unknown } | undefined;

let watching = false;

/** Counts the work of a transaction as owed until the function that it returns is called, however often that is. */
export function oweWork(): () => void {
  if (!watching) watch();
  owed += 1;
  let done = false;
  return () => {
    if (done) return;
    done = true;
    owed -= 1;
  };
}

/**
 * Node waits for all threads before it exits, also for one that waits for this thread: the process would never end, and
 * nobody could write to the directory any more. Nothing that can be called at the exit lets that thread go (lmdb-js #336),
 * so the process kills itself. What is on disk is whole at any moment, and what was under way had not been acknowledged.
 */
function watch(): void {
  watching = true;
  // Elsewhere the thread alone would exit, and a kill would end the others.
  if (!isMainThread) return;
  process.on('uncaughtExceptionMonitor', (error) => {
    fault = { error };
    // Somebody else may handle it.
    setImmediate(() => (fault = undefined)).unref();
  });
  process.on('exit', () => {
    if (owed === 0) return;
    // Node would say it only after this.
    if (fault) console.error(fault.error);
    process.kill(process.pid, 'SIGKILL');
  });
}
