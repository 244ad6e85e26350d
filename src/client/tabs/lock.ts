/** One request for the lock: it waits in the queue, or has the lock. */
interface LockRequest {
  readonly leave: AbortController;
  /** Lets go of the lock. */
  end: () => void;
}

/** The lock that all tabs share, as one tab sees it. The browser frees the lock when the page ends, however it ends. */
export interface TabLock {
  /** Waits for the lock. */
  queue(): void;
  /** Takes the lock from the tab that has it. */
  steal(): void;
  /** Leaves the queue, or lets go of the lock. */
  release(): void;
}

/**
 * @param granted called when this tab has the lock
 * @param lost called when another tab has stolen the lock, or the browser gives it to nobody
 */
export function createTabLock(
  name: string,
  locks: Pick<LockManager, 'request'>,
  granted: () => void,
  lost: () => void,
): TabLock {
  let current: LockRequest | undefined;

  const release = () => {
    current?.leave.abort();
    current?.end();
    current = undefined;
  };
  const request = (steal: boolean) => {
    release();
    const own: LockRequest = { leave: new AbortController(), end: () => {} };
    current = own;
    const hold = async () => {
      if (current !== own) return;
      const ended = new Promise<void>((resolve) => {
        own.end = resolve;
      });
      granted();
      await ended;
    };
    // The API refuses both options together, because stealing does not wait and so can't be aborted.
    locks.request(name, steal ? { steal } : { signal: own.leave.signal }, hold).catch(() => {
      if (current !== own) return;
      current = undefined;
      lost();
    });
  };
  return { queue: () => request(false), steal: () => request(true), release };
}
