/* Functions that run in a page of the console. */

/** Resolves in the page once it has what it shows. */
export async function untilThere(sign: string): Promise<void> {
  while (!document.querySelector(sign)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Shows a place in the same document, as a link does, and resolves once it has what it shows. */
export async function goTo(path: string, sign: string): Promise<void> {
  const focused = document.activeElement as HTMLElement;
  focused.blur();
  const link = Object.assign(document.createElement('a'), { href: path });
  document.body.append(link);
  link.click();
  link.remove();
  // The heading is focused once the page is drawn. What its predecessor showed may look the same.
  while (document.activeElement?.tagName !== 'H1' || !document.querySelector(sign))
    await new Promise((resolve) => setTimeout(resolve, 20));
}
