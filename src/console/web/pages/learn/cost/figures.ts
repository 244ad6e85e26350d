const UNITS = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'];

/** Bytes. */
export function figure(bytes: number | undefined): string {
  return bytes === undefined ? '–' : `${Math.round(bytes).toLocaleString('en')} B`;
}

export function rounded(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

export function bytesRate(bytesASecond: number | undefined): string {
  if (bytesASecond === undefined) return '–';
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(bytesASecond) / 3)));
  return `${(bytesASecond / 1000 ** power).toFixed(power > 0 ? 1 : 0)} ${UNITS[power]}`;
}
