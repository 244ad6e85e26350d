// What each transport takes in a minute in which nothing happens, and how often one that asks has asked for nothing.
import { COMPARED } from '../../dist/field/comparison.js';

const AT = '/playground';
const IDLE_MS = 90_000;

export async function readPlayground(page, url) {
  await page.goto(url + AT);
  const cell = (name, column) => page.locator(`.lanes [data-transport=${name}] [data-name="${column}"]`);
  for (const name of COMPARED) {
    await cell(name, 'An idle minute')
      .locator('strong')
      .filter({ hasText: / B$/ })
      .waitFor({ timeout: IDLE_MS });
  }
  const idle = [];
  for (const name of COMPARED) {
    const label = await page.locator(`.lanes [data-transport=${name}] th .transport`).innerText();
    idle.push(`${label} ${await cell(name, 'An idle minute').locator('strong').innerText()}`);
  }
  const requests = await cell('polling', 'Requests').locator('strong').innerText();
  const empty = await cell('polling', 'Requests').locator('.more').innerText();
  return [
    { claims: ['radio'], at: AT, part: 'An idle minute', reading: `Bytes in it: ${idle.join(', ')}.` },
    {
      claims: ['polling/Load on the server'],
      at: AT,
      part: 'Requests',
      reading: `One client: ${requests}; ${empty}.`,
    },
  ];
}
