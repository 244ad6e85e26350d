import type { DriveNews, Happening, Lane } from '../../../../../lab/drive.ts';

/** The time that is drawn, up to the right edge. */
export const SPAN_MS = 45_000;
const KEPT_WORDS = 60;

/** Times are in milliseconds since the drive began. */
export interface Word {
  readonly at: number;
  readonly technique: string;
  readonly text: string;
}

export interface TrackLane extends Omit<Lane, 'arrived' | 'said'> {
  /** When each message came, by its number. */
  readonly arrivedAt: ReadonlyMap<number, number>;
  /** What it said last. */
  readonly said: string | undefined;
}

/** A drive as far as it is drawn. */
export interface Track {
  readonly network: string;
  readonly tls: DriveNews['tls'] | undefined;
  readonly now: number;
  /** When each message was published, by its number. */
  readonly publishedAt: ReadonlyMap<number, number>;
  readonly lanes: readonly TrackLane[];
  readonly happenings: readonly Happening[];
  /** The newest last. */
  readonly words: readonly Word[];
  readonly nodes: readonly boolean[];
}

export const EMPTY: Track = {
  network: '',
  tls: undefined,
  now: 0,
  publishedAt: new Map(),
  lanes: [],
  happenings: [],
  words: [],
  nodes: [],
};

export function followed(track: Track, news: DriveNews): Track {
  // Another one has begun.
  const before = news.at < track.now ? EMPTY : track;
  const since = news.at - SPAN_MS;
  const publishedAt = new Map([...before.publishedAt, ...news.published].filter(([, at]) => at >= since));
  const lanes = news.lanes.map(({ arrived, said, ...lane }, index): TrackLane => {
    const known = before.lanes[index];
    return {
      ...lane,
      arrivedAt: new Map([...(known?.arrivedAt ?? []), ...arrived].filter(([, at]) => at >= since)),
      said: said.at(-1)?.[1] ?? known?.said,
    };
  });
  const words = news.lanes.flatMap(({ technique, said }) =>
    said.map(([at, text]) => ({ at, technique, text })),
  );
  return {
    network: news.network,
    tls: news.tls,
    now: news.at,
    publishedAt,
    lanes,
    happenings: news.happenings.filter(({ to }) => (to ?? news.at) >= since),
    words: [...before.words, ...words.sort((a, b) => a.at - b.at)].slice(-KEPT_WORDS),
    nodes: news.nodes,
  };
}

/** How late the newest message was that came, in milliseconds. */
export function lastLateness({ publishedAt }: Track, { arrivedAt }: TrackLane): number | undefined {
  const newest = [...arrivedAt].findLast(([number]) => publishedAt.has(number));
  return newest && Math.max(0, newest[1] - publishedAt.get(newest[0])!);
}
