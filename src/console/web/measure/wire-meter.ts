import type { Client } from '../../../client/index.ts';
import { MARK_MS, type Recorded, WIRE_CHANNEL, type WireBatch } from '../../inspector/wire-record.ts';
import { randomMark } from './random-mark.ts';

/** What crossed the wire for the requests that carry a mark, as the server sees it. */
export interface WireSums {
  /** Both ways, with heads and framing. */
  readonly bytes: number;
  /** What the hub wrote with a message in it, since `settle`: how often, and how much. */
  readonly delivering: { readonly count: number; readonly bytes: number };
  /** What it wrote without one since then: signs of life. */
  readonly upkeepBytes: number;
  /** Exchanges that were answered whole. */
  readonly answered: { readonly count: number; readonly bytes: number };
}

/** Counts the bytes of all requests that carry its mark. */
export interface WireMeter {
  readonly mark: string;
  readonly sums: WireSums;
  /** From now on the hub's writes count. @param minBytes shorter ones hold no message; undefined: none counts */
  settle(minBytes: number | undefined): void;
  close(): void;
}

/** Resolves once the hub heeds the mark. @throws (rejects) FanwireError `forbidden` if the token may not read the console's channels */
export async function openWireMeter(fanwire: Client): Promise<WireMeter> {
  const mark = randomMark();
  let sums: WireSums = {
    bytes: 0,
    delivering: { count: 0, bytes: 0 },
    upkeepBytes: 0,
    answered: { count: 0, bytes: 0 },
  };
  let minBytes: number | undefined;
  const subscription = fanwire.subscribe<WireBatch>(WIRE_CHANNEL + mark, {
    onMessage: ({ data }) => {
      sums = added(sums, data, minBytes);
    },
    // A refusal also rejects the request below, which tells of it.
    onError() {},
  });
  const arm = () => fanwire.request('console:inspect', { mark, what: 'totals' satisfies Recorded });
  try {
    await arm();
  } catch (error) {
    subscription.close();
    throw error;
  }
  const timer = setInterval(() => void arm().catch(() => {}), MARK_MS / 3);
  return {
    mark,
    get sums() {
      return sums;
    },
    settle(min) {
      minBytes = min;
    },
    close() {
      clearInterval(timer);
      subscription.close();
    },
  };
}

function added(
  sums: WireSums,
  { up, down, writes, answered }: WireBatch,
  minBytes: number | undefined,
): WireSums {
  const counted = minBytes === undefined ? [] : writes;
  const delivering = counted.filter((length) => length >= minBytes!);
  const total = (lengths: readonly number[]) => lengths.reduce((sum, length) => sum + length, 0);
  return {
    bytes: sums.bytes + up + down,
    delivering: {
      count: sums.delivering.count + delivering.length,
      bytes: sums.delivering.bytes + total(delivering),
    },
    upkeepBytes: sums.upkeepBytes + total(counted) - total(delivering),
    answered: {
      count: sums.answered.count + answered.count,
      bytes: sums.answered.bytes + answered.bytes,
    },
  };
}
