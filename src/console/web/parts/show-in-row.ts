/**
 * A `ref` for the current one of links in a row that a phone scrolls sideways: shows it. To be given as it is, so that it is called
 * when another link becomes the current one, and not whenever something is drawn.
 */
export function showInRow(link: HTMLElement | null): void {
  const row = link?.closest<HTMLElement>('ol, nav');
  if (!link || !row) return;
  // Not `scrollIntoView`, which takes the page back to its top, too.
  const { left, width } = link.getBoundingClientRect();
  const { left: rowLeft, width: rowWidth } = row.getBoundingClientRect();
  row.scrollLeft += left + width / 2 - (rowLeft + rowWidth / 2);
}
