import { CHANNEL } from './lane.ts';
import type { LaneListener, OnRefused, OpenSource } from './lane-source.ts';

/** From a cut to the next attempt, and up to twice as long, so that many pages do not come at once. */
const RETRY_MS = 1000;

/** A place to read on from, as far as one is known. */
export interface Place {
  position: string | undefined;
}

/** The hub refuses this page: asking again does not help. */
export class Refused extends Error {}

/** What is told by one reading: `requesting` before it begins, `connected` once messages come. */
export type ReadingListener = Omit<LaneListener, 'disconnected'>;

/**
 * Reads a channel once, until the connection ends, and keeps `place` up to date.
 * @throws (rejects) Refused, or an error that says why it ended
 */
export type ReadOnce = (
  channel: string,
  listener: ReadingListener,
  place: Place,
  signal: AbortSignal,
) => Promise<void>;

/** A source of what ends with its connection: reads again and again, each time from where it was. */
export function resuming(readOnce: ReadOnce, onRefused: OnRefused): OpenSource {
  return (lane) => {
    const ended = new AbortController();
    const { signal } = ended;
    const place: Place = { position: undefined };
    const read = async () => {
      try {
        await readOnce(CHANNEL, lane, place, signal);
        if (signal.aborted) return;
        lane.disconnected('the hub ended it');
      } catch (error) {
        if (signal.aborted) return;
        lane.disconnected(error instanceof Error ? error.message : String(error));
        if (error instanceof Refused) return onRefused(error);
      }
      timer = setTimeout(read, RETRY_MS * (1 + Math.random()));
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    void read();
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  };
}
