/**
 * Tells when the world may have changed: `suspect` when the link may be dead. That the device slept needs no
 * event: what waits for the clock looks at it every few seconds.
 * @returns what ends it
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
