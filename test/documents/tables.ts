/** `8 MiB` or `1,000 from one address` as a number. */
export function numberIn(text: string): number {
  const [, digits = '', unit = ''] = /^([\d,]+) ?(KiB|MiB)?/.exec(text) ?? [];
  return Number(digits.replaceAll(',', '')) * { '': 1, KiB: 1024, MiB: 1024 ** 2 }[unit]!;
}

/** A cell without the marks of code. */
export function unquoted(cell: string): string {
  return cell.replace(/[`']/g, '');
}
