import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Page, type PageProps, pageAt } from './pages.ts';

export interface Route {
  readonly path: string;
  readonly page: Page;
  readonly Content: ComponentType<PageProps>;
}

/** Loads what the page at a path shows. */
export async function loadRoute(path: string): Promise<Route> {
  const page = pageAt(path);
  const { default: Content } = await page.load();
  return { path, page, Content };
}

/**
 * The page that the address names. A link to another page of the console changes the address and what is shown, in the same
 * document: the connection stays.
 */
export function useRoute(first: Route): Route {
  const [route, setRoute] = useState(first);
  useEffect(() => {
    let asked = 0;
    const show = async (entered: boolean) => {
      const nth = ++asked;
      const next = await loadRoute(location.pathname).catch(() => undefined);
      // The hub is away, or another version of it is there: the browser says so, or loads that.
      if (!next) return location.reload();
      // Another link was pressed meanwhile.
      if (nth !== asked) return;
      document.title = `${next.page.title} – fanwire`;
      setRoute(next);
      if (entered) scrollTo(0, 0);
      // Where a new document would begin to be read.
      requestAnimationFrame(() => document.querySelector('h1')?.focus({ preventScroll: true }));
    };
    const onClick = (event: MouseEvent) => {
      const link = (event.target as Element).closest?.('a');
      if (!link || !isOurs(event, link)) return;
      event.preventDefault();
      if (link.href !== location.href) history.pushState(null, '', link.href);
      void show(true);
    };
    const onPop = () => void show(false);
    document.addEventListener('click', onClick);
    addEventListener('popstate', onPop);
    return () => {
      document.removeEventListener('click', onClick);
      removeEventListener('popstate', onPop);
    };
  }, []);
  return route;
}

/** Whether a click is to be answered here: a plain one, on a link to another page of the console. */
function isOurs(event: MouseEvent, link: HTMLAnchorElement): boolean {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  return (
    plain && !event.defaultPrevented && !link.target && link.origin === location.origin && link.hash === ''
  );
}
