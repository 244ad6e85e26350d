import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Client, Status } from '../../../../../client/index.ts';
import { randomId } from '../../../../../client/random-id.ts';
import { openWireMeter, type WireMeter } from '../../../measure/wire-meter.ts';
import { sentenceOf } from '../../../shell/connection.ts';
import type { PageProps } from '../../../shell/pages.ts';
import { EMPTY, type Journal, noted } from './journal.ts';
import { type Obstacle, throughObstacles } from './obstacles.ts';

const PUBLISH_MS = 1000;
/** Sooner than usual, so that an obstacle's removal is soon seen. */
export const UPGRADE_MS = 15_000;

export interface LessonClient {
  readonly journal: Journal;
  readonly status: Status | undefined;
  /** What was published for the client, what came, and what the hub could not give any more. */
  readonly sent: number;
  readonly came: number;
  readonly twice: number;
  readonly gaps: number;
  /** As the hub said; undefined before. */
  readonly heartbeatMs: number | undefined;
  /** When something was heard over a WebSocket last, by `performance.now`. */
  readonly heardAt: number | undefined;
  readonly fault: string | undefined;
  /** Has the hub close the client's connections. */
  cut(): void;
}

/** A client of its own behind obstacles, to which the page's client publishes a number a second. */
export function useLessonClient(
  { fanwire, connectBeside, onRefused }: Pick<PageProps, 'fanwire' | 'connectBeside' | 'onRefused'>,
  standing: ReadonlySet<Obstacle>,
): LessonClient {
  const [journal, setJournal] = useState(EMPTY);
  const [status, setStatus] = useState<Status>();
  const [fault, setFault] = useState<string>();
  const meter = useRef<WireMeter | undefined>(undefined);
  const counts = useMemo(() => ({ sent: 0, gaps: 0, twice: 0, seen: new Set<number>() }), []);
  const heard = useRef<{ heartbeatMs?: number; at?: number }>({});
  const channel = useMemo(() => `console:demo:course-${randomId()}`, []);

  useEffect(() => {
    let client: Client | undefined;
    let timer: ReturnType<typeof setInterval> | undefined;
    let ended = false;
    const refused = (error: unknown) => onRefused(sentenceOf(error));
    const begin = async () => {
      const opened = await openWireMeter(fanwire);
      if (ended) return opened.close();
      meter.current = opened;
      client = connectBeside({
        ...throughObstacles(opened.mark, standing, {
          heartbeat: (everyMs) => {
            heard.current.heartbeatMs = everyMs;
          },
          sign: () => {
            heard.current.at = performance.now();
          },
        }),
        // Each visit shows the race anew.
        storage: null,
        upgradeIntervalMs: UPGRADE_MS,
      });
      const told = (now: Status) => {
        setStatus(now);
        setJournal((before) => noted(before, now, Date.now()));
      };
      client.onStatus(told);
      told(client.status);
      const subscription = client.subscribe<number>(channel, {
        onMessage({ data }) {
          if (counts.seen.has(data)) counts.twice += 1;
          counts.seen.add(data);
        },
        onGap: () => {
          counts.gaps += 1;
        },
        onError: refused,
      });
      await subscription.ready;
      if (ended) return;
      timer = setInterval(() => {
        // For nobody to see, nothing is published.
        if (document.hidden) return;
        counts.sent += 1;
        fanwire.publish(channel, counts.sent).catch((error) => setFault(sentenceOf(error)));
      }, PUBLISH_MS);
    };
    begin().catch((error) => ended || refused(error));
    return () => {
      ended = true;
      clearInterval(timer);
      client?.close();
      meter.current?.close();
    };
  }, [fanwire, connectBeside, onRefused, standing, channel, counts]);

  return {
    journal,
    status,
    sent: counts.sent,
    came: counts.seen.size,
    twice: counts.twice,
    gaps: counts.gaps,
    heartbeatMs: heard.current.heartbeatMs,
    heardAt: heard.current.at,
    fault,
    cut() {
      const mark = meter.current?.mark;
      if (mark) fanwire.request('console:cut', { mark }).catch((error) => setFault(sentenceOf(error)));
    },
  };
}
