import { axeFindings, layoutFaults, type Place } from '../../console/support/places.ts';
import { keepPicture } from '../../console/support/screenshots.ts';
import { AXE, SIZES, VARIANTS, type VariantName } from '../../console/support/variants.ts';
import type { Tab } from '../../support/browsers/tab.ts';
import { goTo, untilThere } from './console-ways.ts';

interface Looks {
  readonly engine: string;
  readonly tab: Tab;
  readonly url: string;
  readonly places: readonly Place[];
  readonly variants: readonly VariantName[];
  /** CSS pixels; default: those of the variant. */
  readonly phoneWidth?: number;
  /** Has the user prefer these colours. Without it they are what the browser was opened with. */
  prefer?(colours: { readonly dark: boolean; readonly forcedColours: boolean }): Promise<void>;
}

/** Looks at every place in some variants, with all of axe, and returns the faults that it finds, as sentences. */
export async function lookFor({ engine, tab, url, places, variants, ...how }: Looks): Promise<string[]> {
  const faults: string[] = [];
  const [[home, homeSign]] = places as [Place];
  await tab.show(url + home);
  await tab.run(untilThere, homeSign);
  // In one document it is there for all: it takes longer to load than to run.
  await tab.load(AXE);
  for (const [path, sign] of places) {
    await tab.run(goTo, path, sign);
    for (const name of variants) {
      const { size, dark = false, forcedColours = false } = VARIANTS[name];
      const { width: usual, height } = SIZES[size];
      const width = size === 'phone' ? (how.phoneWidth ?? usual) : usual;
      await how.prefer?.({ dark, forcedColours });
      await tab.resize(width, height);
      await tab.run(untilSo, width, dark, forcedColours);
      const found = [...(await tab.run(axeFindings)), ...(await tab.run(layoutFaults))];
      faults.push(...found.map((fault) => `${path}, ${name}: ${fault}`));
      await keepPicture(path, `${engine}-${name}`, tab.picture);
    }
  }
  return faults;
}

/** Waits for the window to have its size and for the page to have its colours: a browser gives both some time later. */
async function untilSo(width: number, dark: boolean, forcedColours: boolean): Promise<void> {
  const isSo = () =>
    innerWidth === width &&
    matchMedia('(prefers-color-scheme: dark)').matches === dark &&
    matchMedia('(forced-colors: active)').matches === forcedColours;
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
