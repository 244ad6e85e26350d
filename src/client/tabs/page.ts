/** `leave`: the page is being frozen or cached, or it ends. `start`: the page is back. */
export type PageEvent = 'shown' | 'hidden' | 'leave' | 'start';

/** @returns a function that stops watching */
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
