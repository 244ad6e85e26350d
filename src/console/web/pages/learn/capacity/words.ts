import type { Capacity, CapacityLog } from '../../../../../capacity/model.ts';

export const LOG_LABELS: Readonly<Record<CapacityLog, string>> = { redis: 'Redis', nats: 'NATS' };

export const WHY: Readonly<Record<Capacity['bound'], string>> = {
  cores: 'for their processors',
  memory: 'for their memory',
  two: 'so that one may go',
};

/** Not closer than it is known. */
export function about(value: number): string {
  if (value === 0) return '0';
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** `1.2 Gbit/s`. */
export function bitsOf(bitsPerSecond: number): string {
  if (bitsPerSecond >= 1e9) return `${about(bitsPerSecond / 1e9)} Gbit/s`;
  return bitsPerSecond >= 1e6
    ? `${about(bitsPerSecond / 1e6)} Mbit/s`
    : `${about(bitsPerSecond / 1e3)} kbit/s`;
}

/** `10M`, for an axis. */
export function short(value: number): string {
  return value.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 });
}

export function counted(count: number, noun: string): string {
  return `${about(count)} ${noun}${count === 1 ? '' : 's'}`;
}
