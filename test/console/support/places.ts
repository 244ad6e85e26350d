import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { SCENARIOS } from '../../../src/console/web/pages/scenarios/scenario-list.ts';
import { PAGES } from '../../../src/console/web/shell/pages.ts';
import { startServe } from '../../support/cli.ts';
import { follow, publish } from './operate.ts';

/** A page of the console, and what shows that it is there. */
export type Place = readonly [path: string, sign: string];

/** What each scenario shows once it runs, without anybody doing anything. */
const SCENARIO_SIGNS: Readonly<Record<string, string>> = {
  'ai-answer': '.answer',
  chat: 'form',
  editor: 'textarea',
  game: 'canvas',
  iot: '.tiles svg',
  notifications: '.feed li',
  progress: 'progress',
  'qr-login': 'svg',
  scores: 'td',
  ticker: 'td',
};

/** Each page of the console, and those below it, but for that of one client. */
export const PLACES: readonly Place[] = [
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
  ...Object.entries(SCENARIO_SIGNS).map(([name, sign]): Place => [`/scenarios/${name}`, `.scenario ${sign}`]),
  ['/choose', '.measured'],
  ['/try', '.tabs li'],
  ['/operate', '.nodes code'],
  ['/operate/channels/news', '.details'],
];

/** A hub that serves every endpoint, with a channel and a client to be looked at, and all places of its console. */
export async function startConsole(t: TestContext): Promise<{ url: string; places: readonly Place[] }> {
  const { url } = await startServe(t, ['--graphql', '--grpc']);
  await publish(url, 'news', 'something');
  const { client } = await follow(t, url, 'news');
  return { url, places: [...PLACES, [`/operate/clients/${client.status.from}`, '.client .details']] };
}

/** The paths of all pages, of the lessons, of the views of networks and of the scenarios. */
export const PATHS: readonly string[] = [
  ...PAGES.map(({ path }) => path),
  ...pathsIn('learn/lessons.ts'),
  ...pathsIn('networks/networks.tsx'),
  ...SCENARIOS.map(({ name }) => `/scenarios/${name}`),
];

/** As they are written there: only a browser can import it. */
function pathsIn(file: string): string[] {
  const text = readFileSync(`src/console/web/pages/${file}`, 'utf8');
  return [...text.matchAll(/path: '([^']+)'/g)].map(([, path]) => path!);
}

/**
 * Faults of how a page is laid out, as sentences: what makes it wider than its window, what text is cut off without a word, what
 * goes out of its cell, and options of a command whose hyphens stand on another line.
 */
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
    if (element.matches('td, th') && element.scrollWidth > element.clientWidth + 1)
      faults.push(`${says} takes ${element.scrollWidth} of ${element.clientWidth} px`);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let text = texts.nextNode() as Text | null; text; text = texts.nextNode() as Text | null) {
    for (const { index } of text.data.matchAll(/--\w/g)) {
      range.setStart(text, index);
      range.setEnd(text, index + 3);
      const lines = new Set([...range.getClientRects()].map(({ top }) => top));
      if (lines.size > 1) faults.push(`a line ends within ${text.data.slice(index, index + 20)}`);
    }
  }
  return faults;
}

/**
 * What a page paints by a background alone, as sentences: where colours are forced, it is the canvas's and gone. An
 * element that opts out has a colour of its own there.
 */
export function fillsLost(): string[] {
  return [...document.querySelectorAll('main *')].flatMap((element) =>
    [undefined, '::before', '::after'].flatMap((part) => {
      const style = getComputedStyle(element, part);
      const isPainted = part
        ? !/none|normal/.test(style.content)
        : !element.hasChildNodes() &&
          !element.matches('input, textarea, button, canvas, progress, br, svg *');
      const isTransparent = /, 0\)$/.test(style.backgroundColor);
      const hasLine = style.borderTopStyle !== 'none' || style.outlineStyle !== 'none';
      const isOneColour = isTransparent || hasLine || style.forcedColorAdjust === 'none';
      if (!isPainted || isOneColour || Number.parseFloat(style.inlineSize) === 0) return [];
      return [`${element.outerHTML.slice(0, 80)}${part ?? ''} is its background alone`];
    }),
  );
}

interface Axe {
  run(options: object): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>;
}

/** What axe, which the page has been given, finds in it. @param rules default: all */
export async function axeFindings(rules?: readonly string[]): Promise<string[]> {
  const { axe } = window as unknown as { axe: Axe };
  // Of what it does not object to it need not tell each element, which takes a fifth of its time.
  const { violations } = await axe.run({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)} ${nodes[0]!.failureSummary}`,
  );
}

/** Shows a page, and resolves once it has what it shows. */
export async function show(tab: Page, url: string, [path, sign]: Place): Promise<void> {
  await tab.goto(url + path);
  await tab.locator(sign).first().waitFor();
}
