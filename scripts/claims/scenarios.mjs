// Each of the console's scenarios, used for a while.
import { SUBJECTS } from '../../dist/field/claims.js';

const RUN_MS = 12_000;
/** The transports by the names that the console gives them. */
const NAMES = {
  'Long polling': 'long-polling',
  'Server-sent events': 'sse',
  WebSocket: 'websocket',
};

/** What a scenario shows beside itself. */
const SHOWS = { 'ai-answer': 'sse-favoured', scores: 'sse-favoured', game: 'ws-cursor' };

/** What somebody does in it, where it does nothing by itself. */
const ACTS = {
  chat: async (page) => {
    await page.locator('.scenario').getByLabel('Message', { exact: true }).first().fill('Who is here?');
    await page.getByRole('button', { name: 'Send' }).first().click();
  },
  editor: (page) =>
    page.locator('.scenario textarea').first().pressSequentially('Written by one of several.'),
  'ai-answer': (page) => page.getByRole('button', { name: 'Ask' }).first().click(),
  progress: (page) => page.getByRole('button', { name: 'Start' }).first().click(),
  notifications: async (page) => {
    await page.getByLabel('Remind every tab').first().fill('Look up');
    await page.getByRole('button', { name: 'Remind' }).first().click();
  },
};

export async function readScenarios(page, url) {
  const readings = await readPicks(page, url);
  for (const name of Object.keys(SUBJECTS['What request and response fails at'])) {
    const at = `/scenarios/${name}`;
    await page.goto(url + at);
    await page.locator('.carrier').getByText('Connected.').first().waitFor();
    await page.locator('.scenario').first().waitFor();
    const part = await page.locator('main h2').first().innerText();
    await ACTS[name]?.(page);
    await page.waitForTimeout(RUN_MS);
    const figures = await page
      .locator('.figures')
      .first()
      .locator('div')
      .evaluateAll((parts) => parts.map((each) => each.innerText.replaceAll(/\s+/g, ' ').trim()));
    const claims = [name, ...(SHOWS[name] ? [SHOWS[name]] : [])];
    if (figures.includes('Messages 0')) throw new Error(`${at} has had no message`);
    readings.push({ claims, at, part, reading: `${RUN_MS / 1000} s: ${figures.join('; ')}.` });
  }
  return readings;
}

/** What the decision tree picks for each. */
async function readPicks(page, url) {
  const at = '/scenarios';
  await page.goto(url + at);
  await page.locator('.scenario-list section').first().waitFor();
  const picks = await page.locator('.scenario-list section').evaluateAll((sections) =>
    sections.map((section) => ({
      title: section.querySelector('h2').innerText.trim(),
      label: section.querySelector('.transport').innerText.trim(),
    })),
  );
  return Object.entries(NAMES).map(([label, name]) => {
    const titles = picks.filter((pick) => pick.label === label).map(({ title }) => title);
    return {
      claims: [`${name}/Best for`],
      at,
      part: 'what the tree picks',
      reading: `${titles.join(', ')}.`,
    };
  });
}
