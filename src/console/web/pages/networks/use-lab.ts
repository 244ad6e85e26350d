import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Choice } from '../../../../lab/process/orders.ts';
import {
  type Catalogue,
  type LabRequest,
  LIVE_CHANNEL,
  type Live,
  MEASURED_CHANNEL,
  type Measured,
} from '../../../networks/reports.ts';
import { sentenceOf } from '../../shell/connection.ts';
import type { PageProps } from '../../shell/pages.ts';
import { EMPTY, followed, type Track } from './drive/track.ts';

/** News come each second: after so long without any the lab's process is gone. */
const QUIET_MS = 6000;

/** What the hub's lab does at the moment, for whomever. */
export type Activity =
  | { readonly kind: 'idle'; readonly fault: string | undefined }
  /** Asked for, and nothing heard of it yet. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'measuring'; readonly now: Measured }
  | { readonly kind: 'driving'; readonly track: Track };

export interface Lab {
  /** Undefined until the hub has told. */
  readonly catalogue: Catalogue | undefined;
  /** The newest of each, by its `keyOf`. */
  readonly measured: ReadonlyMap<string, Measured>;
  readonly activity: Activity;
  readonly ask: (request: LabRequest) => void;
}

/** Names a network with what is encrypted in it. */
export function keyOf({ network, tls }: Choice): string {
  return `${network} ${tls}`;
}

function after(activity: Activity, news: Live): Activity {
  switch (news.kind) {
    case 'column':
      return { kind: 'measuring', now: news };
    case 'drive':
      return {
        kind: 'driving',
        track: followed(activity.kind === 'driving' ? activity.track : EMPTY, news.drive),
      };
    case 'done':
      return activity;
    case 'over':
      return { kind: 'idle', fault: news.fault };
  }
}

/** The lab of the hub, as all who look see it. */
export function useLab({ fanwire, onRefused }: Pick<PageProps, 'fanwire' | 'onRefused'>): Lab {
  const [catalogue, setCatalogue] = useState<Catalogue>();
  const [measured, setMeasured] = useState<ReadonlyMap<string, Measured>>(new Map());
  const [activity, setActivity] = useState<Activity>({ kind: 'idle', fault: undefined });

  useEffect(() => {
    const refused = (error: unknown) => onRefused(sentenceOf(error));
    let quiet: ReturnType<typeof setTimeout> | undefined;
    fanwire.request<Catalogue>('console:lab', { kind: 'catalogue' }).then(setCatalogue, refused);
    const results = fanwire.subscribe<Measured>(MEASURED_CHANNEL, {
      after: 'start',
      onMessage: ({ data }) => setMeasured((before) => new Map(before).set(keyOf(data.column), data)),
      onError: refused,
    });
    const live = fanwire.subscribe<Live>(LIVE_CHANNEL, {
      after: 'start',
      onMessage: ({ data }) => {
        setActivity((before) => after(before, data));
        clearTimeout(quiet);
        quiet = setTimeout(
          () =>
            setActivity((before) => (before.kind === 'idle' ? before : { kind: 'idle', fault: undefined })),
          QUIET_MS,
        );
      },
      onError: refused,
    });
    return () => {
      clearTimeout(quiet);
      results.close();
      live.close();
    };
  }, [fanwire, onRefused]);

  const ask = useCallback(
    (request: LabRequest) => {
      if (request.kind === 'measure' || request.kind === 'drive')
        setActivity((before) => (before.kind === 'idle' ? { kind: 'asked' } : before));
      fanwire
        .request('console:lab', request)
        .catch((error) => setActivity({ kind: 'idle', fault: sentenceOf(error) }));
    },
    [fanwire],
  );
  return { catalogue, measured, activity, ask };
}
