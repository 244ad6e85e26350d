import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { KEEPS_PICTURES } from './screenshots.ts';

/** The source of axe. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** In CSS pixels. At 200 % a page has half the desktop's. */
export const SIZES = {
  desktop: { width: 1440, height: 900 },
  '200 %': { width: 720, height: 450 },
  phone: { width: 390, height: 844 },
} as const;

export interface Variant {
  readonly size: keyof typeof SIZES;
  readonly dark?: boolean;
  readonly forcedColours?: boolean;
}

export type VariantName = 'light' | 'dark' | 'forced colours' | '200 %' | 'phone' | 'phone, dark';

/** How every page is looked at. */
export const VARIANTS: Readonly<Record<VariantName, Variant>> = {
  light: { size: 'desktop' },
  dark: { size: 'desktop', dark: true },
  '200 %': { size: '200 %' },
  phone: { size: 'phone' },
  'phone, dark': { size: 'phone', dark: true },
  // The last: Chromium leaves lines of tables black when colours are no longer forced.
  'forced colours': { size: 'desktop', forcedColours: true },
};

/** A phone in the dark is looked at where pictures are kept: phones and the dark are looked at each time. */
export const isLookedAt = (name: VariantName) => KEEPS_PICTURES || name !== 'phone, dark';

export const VARIANT_NAMES = (Object.keys(VARIANTS) as VariantName[]).filter(isLookedAt);
