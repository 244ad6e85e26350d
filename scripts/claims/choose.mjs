// The console's decision tree, its comparison and its code.
import { ASPECTS, COMPARED } from '../../dist/field/comparison.js';

const AT = '/choose';
const MEASURED_MS = 60_000;

/** The answers that lead to each transport. */
const WAYS = {
  websocket: ['Yes'],
  sse: ['No', 'Yes'],
  'long-polling': ['No', 'No', 'Yes'],
  polling: ['No', 'No', 'No'],
};

/** Which of the field's aspects the comparison's measured rows answer. */
const ANSWERS = {
  Delay: 'Delay, measured',
  Connection: 'Requests for it',
  Bandwidth: 'Bytes around a message',
};

export async function readChoose(page, url) {
  await page.goto(url + AT);
  const readings = [];
  for (const [name, answers] of Object.entries(WAYS)) {
    for (const [nth, answer] of answers.entries()) {
      await page.locator('.question').nth(nth).getByRole('radio', { name: answer }).check();
    }
    const picked = await page.locator('.answer h2').innerText();
    const code = await page.locator('.answer pre').first().innerText();
    readings.push({
      claims: [`choose-${name}`, `${name}/Best for`],
      at: AT,
      part: 'What do you need?',
      reading: `${answers.join(', ')}: ${picked.trim()}.`,
    });
    readings.push({
      claims: [`${name}/Client code by hand`],
      at: AT,
      part: 'To start with, and no library',
      reading: `${code.trim().split('\n').length} lines, which a test runs as they are.`,
    });
  }
  readings.push({
    claims: ['start-simple'],
    at: AT,
    part: 'What do you need?',
    reading: `${Object.keys(WAYS).toReversed().join(', ')}: the fewer questions are answered with yes, the simpler.`,
  });
  return [...readings, ...(await readComparison(page))];
}

async function readComparison(page) {
  const row = (name) =>
    page
      .locator('.comparison tr')
      .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
      .locator('td');
  const whole = row(ANSWERS.Bandwidth);
  const deadline = Date.now() + MEASURED_MS;
  while ((await whole.allInnerTexts()).some((text) => text.trim() === '–')) {
    if (Date.now() > deadline) throw new Error(`${AT} has not measured: ${await whole.allInnerTexts()}`);
    await page.waitForTimeout(500);
  }
  const readings = [];
  for (const aspect of ASPECTS) {
    const measured = ANSWERS[aspect] && (await row(ANSWERS[aspect]).allInnerTexts());
    for (const [column, name] of COMPARED.entries()) {
      if (measured)
        readings.push({
          claims: [`${name}/${aspect}`],
          at: AT,
          part: ANSWERS[aspect],
          reading: `${measured[column].trim()}.`,
        });
    }
  }
  return readings;
}
