import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { FanwireError } from '../../../../client/index.ts';
import { type Heeded, MARK_MS, WIRE_CHANNEL, type WireBatch } from '../../../inspector/wire-record.ts';
import { randomMark } from '../../measure/random-mark.ts';
import { sentenceOf } from '../../shell/connection.ts';
import type { PageProps } from '../../shell/pages.ts';
import { WireStore } from './wire-store.ts';

const RENEW_MS = MARK_MS / 3;

export interface Recording {
  readonly mark: string;
  readonly store: WireStore;
  /** Grows each time the hub begins to heed the mark; 0 before. Requests that began earlier are not recorded. */
  readonly epoch: number;
  readonly fault: string | undefined;
  /** Has the hub close the recorded connections. */
  cut(): void;
  /** Has the hub send a ping over the recorded WebSockets. */
  ping(): void;
}

/** Has the hub record this page's requests while the page is open. Renders the page again when a recording comes. */
export function useRecording({
  fanwire,
  status,
  onRefused,
}: Pick<PageProps, 'fanwire' | 'status' | 'onRefused'>): Recording {
  const mark = useMemo(randomMark, []);
  const store = useMemo(() => new WireStore(), []);
  const [epoch, setEpoch] = useState(0);
  const [fault, setFault] = useState<string>();
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const last = useRef<string | undefined>(undefined);
  const armed = useRef(false);
  const connected = status.state === 'connected';

  useEffect(() => {
    const subscription = fanwire.subscribe(WIRE_CHANNEL + mark, {
      ...(last.current ? { after: last.current } : { last: 200 }),
      onMessage({ id, data }) {
        last.current = id;
        store.take(data as WireBatch);
        draw(undefined);
      },
      onGap: () => setFault('Some recordings were lost while this page was not connected.'),
      onError: (error) => onRefused(sentenceOf(error)),
    });
    return () => subscription.close();
  }, [fanwire, mark, store, onRefused]);

  useEffect(() => {
    if (!connected) return;
    const arm = () =>
      fanwire.request('console:inspect', { mark }).then((answer) => {
        setFault(undefined);
        if ((answer as Heeded).heeded && armed.current) return;
        armed.current = true;
        store.abandon();
        setEpoch((before) => before + 1);
      }, failed);
    const failed = (error: FanwireError) => {
      if (error.code === 'forbidden') onRefused(sentenceOf(error));
      else if (error.code !== 'closed') setFault(sentenceOf(error));
    };
    void arm();
    const timer = setInterval(arm, RENEW_MS);
    return () => clearInterval(timer);
  }, [fanwire, connected, mark, store, onRefused]);

  const request = (method: 'console:cut' | 'console:ping') =>
    void fanwire.request(method, { mark }).catch((error) => setFault(sentenceOf(error)));
  return {
    mark,
    store,
    epoch,
    fault,
    cut: () => request('console:cut'),
    ping: () => request('console:ping'),
  };
}
