/** A number with its noun: `1 channel`, `2 channels`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** The sentence of a table without rows. @param total undefined while no node has answered */
export function emptySentence(search: string, total: number | undefined, nothing: string): string {
  if (total === undefined) return 'No node tells.';
  return search === '' ? nothing : `None of ${total.toLocaleString('en')} fits.`;
}

/** `12 kB`; a dash where it is not known. */
export function bytes(count: number | undefined): string {
  if (count === undefined) return '–';
  const { figure, prefix } = metric(count);
  return `${figure} ${prefix}B`;
}

/** A time in its largest unit alone: `3 h`, `12 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Three digits and a unit's prefix: a figure that hardly changes its width. */
export function metric(value: number, base = 1000): { figure: string; prefix: string } {
  const prefixes = ['', 'k', 'M', 'G', 'T'];
  let prefix = 0;
  let scaled = value;
  while (scaled >= 999.5 && prefix < prefixes.length - 1) {
    scaled /= base;
    prefix += 1;
  }
  const rounded = scaled < 10 ? Number(scaled.toFixed(1)) : Math.round(scaled);
  return { figure: String(rounded), prefix: prefixes[prefix]! };
}

/** Milliseconds, or seconds: no prefix stands before a unit that has one. */
export function milliseconds(ms: number): { figure: string; unit: string } {
  if (ms < 999.5) return { figure: metric(ms).figure, unit: 'ms' };
  return { figure: metric(ms / 1000).figure, unit: 's' };
}
