// Goes through the console's course as a person would, and reads off each claim and what stands beside it.

/** A lesson that has not read by then what it claims to read has a fault. */
const READ_MS = 60_000;
/** What is recorded comes a little later than what was done. */
const SETTLED_MS = 2000;
/** Shown in place of a reading until there is one. */
const UNREAD =
  /^–?$|^Opening|^Open: the first message|^It has not had to wait|^Pull the plug|^The handshake went/;
/** A reading that says what is to be seen in the diagram. */
const ELSEWHERE = /^It is parked now/;

/** What has to be done, by path, before a lesson has something to read, and what was read meanwhile. The others begin by themselves. */
const ACTS = {
  '/learn/coming-back': async (page) => {
    await page.getByRole('checkbox', { name: /^Upgrades/ }).check();
    // Polling may carry the client until the stream has shown that it works.
    await page
      .locator('.now')
      .getByText(/^Connected by Server-sent events/)
      .waitFor({ timeout: READ_MS });
    await page
      .locator('.read')
      .getByText(/not websocket refused/)
      .first()
      .waitFor({ timeout: READ_MS });
    const read = await claimsOf(page);
    // As long as it takes the client to try three times.
    await page.getByRole('checkbox', { name: /^The plug/ }).check();
    await page
      .locator('.claim')
      .getByText(/of up to 4 s/)
      .waitFor({ timeout: READ_MS });
    await page.getByRole('checkbox', { name: /^The plug/ }).uncheck();
    await page
      .locator('.now')
      .getByText(/^Connected by /)
      .waitFor({ timeout: READ_MS });
    return read.filter(({ claims }) => claims.includes('fallback'));
  },
  '/learn/scale': async (page) => {
    const told = page.locator('.now');
    const [, at] = /at node ([AB])/.exec(await told.getByText(/^The client is at node/).innerText());
    const node = page.getByRole('group', { name: `Node ${at}`, exact: true });
    await node.getByRole('button', { name: 'Pull its plug' }).click();
    await told.getByText(/nothing is missing\.$/).waitFor({ timeout: READ_MS });
    await node.getByRole('button', { name: 'Start it again' }).click();
    // Not the way of one that was published where the client is.
    await page
      .locator('.read')
      .getByText(/^It crossed/)
      .waitFor({ timeout: READ_MS });
    const read = await claimsOf(page);
    // Another transport is another client, which has lived through nothing.
    await page.getByRole('radio', { name: 'Long polling' }).check();
    return read.filter(({ claims }) => !claims.includes('websocket/Load balancer'));
  },
  '/learn/cost': async (page) => {
    const press = (name) => page.getByRole('button', { name }).click();
    const isParked = page.getByText(/^All are parked/);
    await press('Park 1,000');
    await isParked.waitFor({ timeout: READ_MS });
    await press('Publish: all ask at once');
    await page.getByText(/^Answered: they ask again/).waitFor({ timeout: READ_MS });
    await isParked.waitFor({ timeout: READ_MS });
    await press(/^Publish: spread/);
    await page.getByText(/^Answered: they ask again/).waitFor({ timeout: READ_MS });
    await isParked.waitFor({ timeout: READ_MS });
  },
};

/** What a page shows otherwise that came over HTTP/2, and is offered WebTransport. */
export async function readOverTls(page, url) {
  await page.goto(`${url}/learn`);
  // The client goes over to it when another transport works, and begins with it from then on.
  await page.locator('header .status').getByText('WebTransport').waitFor({ timeout: READ_MS });
  const readings = [];
  for (const at of ['/learn/six-connections', '/learn/beyond'])
    readings.push(...(await readAt(page, url, at)));
  const how = 'with `--tls self-signed --webtransport`';
  return readings.map((reading) => ({ ...reading, part: `${reading.part}, ${how}` }));
}

/** @returns readings, each with the claims that it answers and the page on which it stands */
export async function readLessons(page, url) {
  await page.goto(`${url}/learn`);
  const links = page.getByRole('navigation', { name: 'Lessons' }).getByRole('link');
  await links.first().waitFor();
  const paths = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  const readings = [];
  for (const at of paths) {
    readings.push(...(await readAt(page, url, at)));
  }
  return readings;
}

async function readAt(page, url, at) {
  await page.goto(url + at);
  await page.locator('.claim').first().waitFor();
  const part = await page.locator('.opening h2').innerText();
  const read = at === '/learn/step-by-step' ? await readTour(page) : await readLesson(page, at);
  return read.map((reading) => ({ at, part, ...reading }));
}

async function readLesson(page, at) {
  const before = (await ACTS[at]?.(page)) ?? [];
  const isNew = ({ claims }) => claims.length > 0 && !before.some((read) => `${read.claims}` === `${claims}`);
  const deadline = Date.now() + READ_MS;
  for (;;) {
    const found = (await claimsOf(page)).filter(isNew);
    const unread = found.filter(({ reading }) => UNREAD.test(reading));
    const isBusy = (await page.locator('[role=status]', { hasText: '…' }).count()) > 0;
    if (unread.length === 0 && !isBusy) {
      await page.waitForTimeout(SETTLED_MS);
      return [...before, ...(await claimsOf(page)).filter(isNew)];
    }
    if (Date.now() > deadline)
      throw new Error(`${at} has not read ${unread.map(({ claims }) => claims.join(', ')).join('; ')}`);
    await page.waitForTimeout(500);
  }
}

/** Every stop of every transport. */
async function readTour(page) {
  const transports = page.locator('.tour .choice label');
  const next = page.getByRole('button', { name: 'Next', exact: true });
  const readings = [];
  for (let nth = 0; nth < (await transports.count()); nth++) {
    const label = await transports.nth(nth).innerText();
    await transports.nth(nth).click();
    for (;;) {
      const title = await page.locator('#stop-title').innerText();
      const found = await readStop(page, title);
      const read = found.filter(({ claims, reading }) => claims.length > 0 && !ELSEWHERE.test(reading));
      readings.push(...read.map((reading) => ({ ...reading, part: `${label}, ${title}` })));
      const progress = await page.locator('.stop .note').first().innerText();
      const [, stop, of] = /(\d+) of (\d+)/.exec(progress) ?? [];
      if (stop === undefined) throw new Error(`the tour says “${progress}” and not where it is`);
      if (stop === of) break;
      await next.click();
    }
  }
  return readings;
}

async function readStop(page, title) {
  const act = page.locator('.stop .actions button:not(:text-is("Back")):not(:text-is("Next"))');
  if (await act.count()) await act.first().click();
  const deadline = Date.now() + READ_MS;
  for (;;) {
    const found = await claimsOf(page.locator('.stop'));
    if (!found.some(({ reading }) => UNREAD.test(reading))) return found;
    if (Date.now() > deadline) throw new Error(`the tour has not read “${title}”`);
    await page.waitForTimeout(200);
  }
}

async function claimsOf(scope) {
  return await scope.locator('.claim').evaluateAll((lists) =>
    lists.map((list) => ({
      claims: list.dataset.claims.split('|').filter(Boolean),
      reading: list.querySelector('.read').innerText.replaceAll(/\s+/g, ' ').trim(),
    })),
  );
}
