/** What becomes of the page: `leave` when it is frozen or cached, or ends; `start` when it is back. */
export type PageEvent = 'shown' | 'hidden' | 'leave' | 'start';

/** @returns what ends it */
export function watchPage(tell: (event: PageEvent) => void): () => void {
  const stop = new AbortController();
  const listen = (target: EventTarget, type: string, event: () => PageEvent) =>
    target.addEventListener(type, () => tell(event()), stop);
  listen(document, 'visibilitychange', () => (isVisible() ? 'shown' : 'hidden'));
  listen(window, 'pagehide', () => 'leave');
  listen(document, 'freeze', () => 'leave');
  listen(window, 'pageshow', () => 'start');
  listen(document, 'resume', () => 'start');
  return () => stop.abort();
}

export function isVisible(): boolean {
  return document.visibilityState === 'visible';
}
