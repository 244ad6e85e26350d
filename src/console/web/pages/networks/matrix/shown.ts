import type { Measured } from '../../../../networks/reports.ts';

export function isComplete({ stage }: Measured): boolean {
  return stage === 'over';
}

/** What is shown of a network: what is measured just now, or what was. */
export function shownOf(
  name: string,
  measured: ReadonlyMap<string, Measured>,
  now: Measured | undefined,
): Measured | undefined {
  return now?.column.network === name ? now : measured.get(name);
}
