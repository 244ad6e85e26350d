const WHOLE = new Intl.NumberFormat('en');

export function bytesOf(count: number): string {
  return `${WHOLE.format(count)} B`;
}

export function perOne(total: number, count: number): string {
  if (count === 0) return '–';
  const value = total / count;
  return value < 100 && value % 1 ? value.toFixed(1) : WHOLE.format(Math.round(value));
}

/** Milliseconds as seconds, three digits behind the point. */
export function secondsOf(ms: number): string {
  return (ms / 1000).toFixed(3);
}
