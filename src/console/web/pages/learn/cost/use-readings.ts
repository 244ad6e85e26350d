import { useEffect, useState } from 'preact/hooks';
import { INSPECTED_CHANNEL } from '../../../../inspector/wire-record.ts';
import { sentenceOf } from '../../../shell/connection.ts';
import { readToken } from '../../../shell/operator-token.ts';
import type { PageProps } from '../../../shell/pages.ts';
import { openEvents, openPoll, openSocket, pause, type RequestStamp } from '../../inspector/reader.ts';
import { useRecording } from '../../inspector/use-recording.ts';
import { POLL_MS, type Readings, readingsOf } from './readings.ts';

/** Long polls are parked for so long here, so that one that reaches its limit is soon seen. */
const WAIT_SECONDS = 2;
const MESSAGES = 2;
/** Further apart than a long poll is parked. */
const PERIOD_MS = 2700;
/** Then there are enough polls for a mean. */
const MEASURED_MS = 8000;

/** Reads the inspector's channel by four transports at once for a while, publishes a few messages, and tells what crossed the wire. */
export function useReadings({
  fanwire,
  status,
  onRefused,
}: Pick<PageProps, 'fanwire' | 'status' | 'onRefused'>): {
  readonly readings: Readings;
  readonly measuring: boolean;
  readonly fault: string | undefined;
} {
  const { mark, store, epoch, fault, ping } = useRecording({ fanwire, status, onRefused });
  const [measuring, setMeasuring] = useState(true);
  const [failed, setFailed] = useState<string>();

  useEffect(() => {
    if (epoch === 0) return;
    store.clear();
    const stamp: RequestStamp = { mark, token: readToken() };
    const silent = () => {};
    const readers = [
      openPoll(stamp, 0, silent, { intervalMs: POLL_MS }),
      openPoll(stamp, WAIT_SECONDS, silent, { query: { limit: '1000' } }),
      openEvents(stamp, silent),
      openSocket(stamp, silent),
    ];
    const ended = new AbortController();
    const stop = () => {
      for (const reader of readers.splice(0)) reader.close();
    };
    const measure = async () => {
      const { signal } = ended;
      const began = performance.now();
      for (let nth = 1; nth <= MESSAGES && !signal.aborted; nth++) {
        await pause(PERIOD_MS, signal);
        if (!signal.aborted) await fanwire.publish(INSPECTED_CHANNEL, { home: nth });
      }
      // Of the render in which the hub began to record: each does the same.
      if (!signal.aborted) ping();
      await pause(MEASURED_MS - (performance.now() - began), signal);
    };
    setMeasuring(true);
    measure()
      .catch((error) => ended.signal.aborted || setFailed(sentenceOf(error)))
      .then(() => {
        stop();
        if (!ended.signal.aborted) setMeasuring(false);
      });
    return () => {
      ended.abort();
      stop();
    };
  }, [epoch, mark, store, fanwire]);

  return { readings: readingsOf(store.snapshot().steps), measuring, fault: fault ?? failed };
}
