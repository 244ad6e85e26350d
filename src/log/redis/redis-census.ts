import type { Census, RetainedRange } from '../census.ts';

type RangeReply = readonly [count: number, oldest: number, newest: number];
type Reply = readonly [epoch: Buffer, ranges: readonly RangeReply[]];

/** What the census asks of Redis, each with FanwireError `log_unavailable`. */
export interface CensusCalls {
  ranges(channels: readonly string[]): Promise<unknown>;
  newest(maxChannels: number): Promise<unknown>;
  count(): Promise<unknown>;
}

export function redisCensus(calls: CensusCalls): Census {
  return {
    async ranges(channels) {
      const [epochBytes, ranges] = (await calls.ranges(channels)) as Reply;
      const epoch = epochBytes.toString();
      return ranges.map(([count, oldest, newest]): RetainedRange | undefined =>
        count === 0
          ? undefined
          : { count, oldest: { epoch, sequence: oldest }, newest: { epoch, sequence: newest } },
      );
    },
    newest: async (maxChannels) => ((await calls.newest(maxChannels)) as readonly Buffer[]).map(String),
    count: async () => (await calls.count()) as number,
  };
}
