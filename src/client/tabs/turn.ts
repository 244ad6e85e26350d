/** A place in the queue for a lock, or the lock itself. */
interface Place {
  readonly leave: AbortController;
  /** Lets go of the lock. */
  end: () => void;
}

/** A tab's turn with the lock of all tabs. The browser frees it when the page ends, however it ends. */
export interface Turn {
  /** Waits for it. */
  queue(): void;
  /** Takes it from whoever has it. */
  steal(): void;
  /** Leaves the queue, or lets go. */
  release(): void;
}

/**
 * @param granted called when the lock is this tab's
 * @param lost called when another has taken it, or the browser lets nobody have it
 */
export function createTurn(
  name: string,
  locks: Pick<LockManager, 'request'>,
  granted: () => void,
  lost: () => void,
): Turn {
  let place: Place | undefined;

  const release = () => {
    place?.leave.abort();
    place?.end();
    place = undefined;
  };
  const request = (steal: boolean) => {
    release();
    const mine: Place = { leave: new AbortController(), end: () => {} };
    place = mine;
    const hold = async () => {
      if (place !== mine) return;
      const ended = new Promise<void>((resolve) => {
        mine.end = resolve;
      });
      granted();
      await ended;
    };
    // The two can't be combined: a theft waits for nothing.
    locks.request(name, steal ? { steal } : { signal: mine.leave.signal }, hold).catch(() => {
      if (place !== mine) return;
      place = undefined;
      lost();
    });
  };
  return { queue: () => request(false), steal: () => request(true), release };
}
