import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { PAGES } from '../../../src/console/web/shell/pages.ts';

/** Each page of the console, and those below it, with what shows that it is there. */
export const PLACES: readonly (readonly [path: string, sign: string])[] = [
  ['/', '.wire[data-state=ready]'],
  ['/learn', '.claim'],
  ['/learn/step-by-step', '.stop .claim'],
  ['/learn/cost', '.claim'],
  ['/learn/scale', '.claim'],
  ['/learn/capacity', '.curve'],
  ['/learn/coming-back', '.log li'],
  ['/learn/six-connections', '.readers li'],
  ['/learn/beyond', '.claim'],
  ['/playground', '[data-state=ready]'],
  ['/inspector', '.overhead'],
  ['/networks', '.matrix'],
  ['/networks/drive', '.acts'],
  ['/networks/yours', '[data-exit]'],
  ['/scenarios', '.scenario-list section'],
  ['/scenarios/chat', '.code'],
  ['/scenarios/game', '.code'],
  ['/scenarios/ticker', '.code'],
  ['/choose', '.measured'],
  ['/try', '.tabs li'],
  ['/operate', '.nodes code'],
  ['/operate/channels/news', '.details'],
];

/** The paths of all pages, of the lessons, and of the views of networks. */
export const PATHS: readonly string[] = [
  ...PAGES.map(({ path }) => path),
  ...pathsIn('learn/lessons.ts'),
  ...pathsIn('networks/networks.tsx'),
];

/** As they are written there: only a browser can import it. */
function pathsIn(file: string): string[] {
  const text = readFileSync(`src/console/web/pages/${file}`, 'utf8');
  return [...text.matchAll(/path: '([^']+)'/g)].map(([, path]) => path!);
}

/** Faults of how a page is laid out, as sentences: what makes it wider than its window, and what text is cut off without a word. */
export function layoutFaults(): string[] {
  const wider = document.documentElement.scrollWidth - innerWidth;
  const faults = wider > 0 ? [`it is ${wider} px wider than the window`] : [];
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    const { overflowX, overflowY, clip, position, textOverflow } = getComputedStyle(element);
    // What only screen readers get is cut off on purpose.
    if (element.closest('.unseen') || (position === 'absolute' && clip !== 'auto')) continue;
    if (element.clientWidth === 0 || !/\S/.test(element.textContent ?? '')) continue;
    const says = `${element.tagName.toLowerCase()}.${element.className}: “${element.textContent!.trim().slice(0, 60)}”`;
    if (
      /hidden|clip/.test(overflowX) &&
      element.scrollWidth > element.clientWidth + 1 &&
      textOverflow !== 'ellipsis'
    )
      faults.push(`${says} is cut off at ${element.clientWidth} of ${element.scrollWidth} px`);
    if (/hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 2)
      faults.push(`${says} is cut off below ${element.clientHeight} of ${element.scrollHeight} px`);
  }
  return faults;
}

interface Axe {
  run(options: object): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>;
}

/** What axe, which the page has been given, finds in it. @param rules default: all */
export async function axeFindings(rules?: readonly string[]): Promise<string[]> {
  const { axe } = window as unknown as { axe: Axe };
  const { violations } = await axe.run(rules ? { runOnly: rules } : {});
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)} ${nodes[0]!.failureSummary}`,
  );
}

/** Shows a page, and resolves once it has what it shows. */
export async function show(tab: Page, url: string, [path, sign]: readonly [string, string]): Promise<void> {
  await tab.goto(url + path);
  await tab.locator(sign).first().waitFor();
}
