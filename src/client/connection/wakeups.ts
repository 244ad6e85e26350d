/**
 * Calls `onWake` when the network may work again, with `suspect` when the link may be dead. No event tells that the
 * device slept, because all that waits compares the clock every few seconds.
 * @returns a function that stops watching
 */
export function watchWakeups(onWake: (suspect: boolean) => void): () => void {
  const stop = new AbortController();
  const listen = (target: EventTarget | undefined, type: string) =>
    target?.addEventListener?.(
      type,
      // A page out of the back-forward cache has had its connections closed.
      (event) => onWake(type === 'online' || (event as PageTransitionEvent).persisted),
      stop,
    );
  listen(globalThis.window, 'online');
  listen(globalThis.window, 'pageshow');
  listen(globalThis.document, 'visibilitychange');
  return () => stop.abort();
}
