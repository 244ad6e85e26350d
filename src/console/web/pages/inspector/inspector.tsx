import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { UnseenOverHttp2 } from '../../parts/unseen-over-http2.tsx';
import { sentenceOf } from '../../shell/connection.ts';
import { readToken } from '../../shell/operator-token.ts';
import type { PageProps } from '../../shell/pages.ts';
import { Controls } from './controls.tsx';
import { Overhead } from './overhead.tsx';
import { publishByPost, type Reader, type RequestStamp } from './reader.ts';
import { Steps } from './steps-view.tsx';
import { FIRST_INSPECTED, INSPECTED, type InspectedName } from './transports.ts';
import { useRecording } from './use-recording.ts';
import type { WireSnapshot } from './wire-store.ts';

type View = { readonly kind: 'live' } | { readonly kind: 'paused'; readonly snapshot: WireSnapshot };

/** What this page's own requests look like on the wire, as the hub's sockets saw them. */
export default function Inspector({ fanwire, status, onRefused }: PageProps) {
  const { mark, store, epoch, fault, cut } = useRecording({ fanwire, status, onRefused });
  const [transport, setTransport] = useState<InspectedName>(FIRST_INSPECTED);
  const [isReading, setReading] = useState(false);
  const [note, setNote] = useState('');
  const [view, setView] = useState<View>({ kind: 'live' });
  const reader = useRef<Reader | undefined>(undefined);
  const token = readToken();
  const stamp = useMemo((): RequestStamp => ({ mark, token }), [mark, token]);

  useEffect(() => {
    // What is sent before the hub heeds the mark is not recorded.
    if (!isReading || epoch === 0) return;
    const opened = INSPECTED[transport].read(stamp, setNote);
    reader.current = opened;
    return () => {
      opened.close();
      reader.current = undefined;
    };
  }, [isReading, transport, stamp, epoch]);

  const publish = async (text: string) => {
    try {
      const send = reader.current?.send;
      if (send) send(text);
      else setNote(await publishByPost(stamp, text));
    } catch (error) {
      setNote(sentenceOf(error));
    }
  };
  const live = store.snapshot();
  const shown = view.kind === 'paused' ? view.snapshot : live;

  return (
    <>
      <UnseenOverHttp2 what="nothing of this page’s wire is shown here" />
      <Controls
        ready={epoch > 0}
        transport={transport}
        isReading={isReading}
        note={fault ?? note}
        onTransport={setTransport}
        onRead={(reads) => {
          setReading(reads);
          setNote(reads ? '' : 'Stopped.');
        }}
        onCut={cut}
        onPublish={(text) => void publish(text)}
      />
      <Steps
        snapshot={shown}
        pausedBy={view.kind === 'paused' ? live.made - view.snapshot.made : undefined}
        onPause={(paused) => setView(paused ? { kind: 'paused', snapshot: live } : { kind: 'live' })}
        onClear={() => {
          store.clear();
          setView({ kind: 'live' });
        }}
      />
      <Overhead sums={shown.sums} />
    </>
  );
}
