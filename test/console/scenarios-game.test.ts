import { test } from 'node:test';
import { CARRIERS, carryBy, openTwo, stage } from './support/scenario-tab.ts';
import { keepScreenshots } from './support/screenshots.ts';

test('game: each tab sees the other player and monsters that move, over every transport', async (t) => {
  const [one, other] = await openTwo(t, 'game');
  for (const tab of [one, other])
    await stage(tab)
      .getByText(/2 playing: /)
      .waitFor();
  const picture = () => one.evaluate(() => document.querySelector('canvas')!.toDataURL());
  const before = await picture();
  await one.waitForFunction(
    (drawn) => ![undefined, drawn].includes(document.querySelector('canvas')?.toDataURL()),
    before,
  );

  await stage(other).locator('canvas').focus();
  await other.keyboard.down('ArrowLeft');
  for (const name of CARRIERS) {
    await carryBy(one, name);
    await stage(one)
      .getByText(/2 playing: /)
      .waitFor();
    const drawn = await picture();
    await one.waitForFunction(
      (old) => ![undefined, old].includes(document.querySelector('canvas')?.toDataURL()),
      drawn,
    );
    // Whoever asks every other second is given one world of a hundred, however fresh.
    if (name === 'Polling') {
      await one
        .locator('.carrier')
        .getByText(/^\d+ gaps?, shown until [\d.]+ m?s old$/)
        .waitFor();
    }
  }
  await stage(one)
    .locator('canvas')
    .hover({ position: { x: 40, y: 40 } });
  await keepScreenshots(one, 'scenarios-game');
});
