import { useEffect, useState } from 'preact/hooks';
import { sentenceOf } from '../../../shell/connection.ts';
import { TRANSPORTS } from '../../../transports.ts';
import { Claim } from '../claim.tsx';
import { NOTHING, openStreams, type Reader, type Result, shareOne } from './experiments.ts';

/** How many streams a browser opens at once, tried with seven of them, and with seven clients that share one. */
export default function Connections() {
  const [alone, setAlone] = useState(NOTHING);
  const [shared, setShared] = useState(NOTHING);
  const [fault, setFault] = useState<string>();
  const [round, setRound] = useState(0);
  const [busy, setBusy] = useState(true);

  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    const guarded = (set: (result: Result) => void) => (result: Result) => signal.aborted || set(result);
    const run = async () => {
      await openStreams(signal, guarded(setAlone));
      if (!signal.aborted) await shareOne(signal, guarded(setShared));
    };
    setAlone(NOTHING);
    setShared(NOTHING);
    setFault(undefined);
    setBusy(true);
    run()
      .catch((error) => signal.aborted || setFault(sentenceOf(error)))
      .then(() => signal.aborted || setBusy(false));
    return () => ended.abort();
  }, [round]);

  return (
    <>
      <section class="claims" aria-labelledby="alone-title">
        <h3 id="alone-title">Seven streams, each of its own</h3>
        <p>
          A browser opens few connections to an origin over HTTP/1.1, for all its tabs together. A stream
          keeps one. The seventh waits, and so would any other request of the page. WebSockets are counted
          apart.
        </p>
        <Readers readers={alone.readers} />
        <Claim of={['six-connections']}>{alone.reading}</Claim>
      </section>
      <section class="claims" aria-labelledby="shared-title">
        <h3 id="shared-title">Seven clients that share one</h3>
        <p>
          With <code>fanwire/tabs</code> one tab of a browser holds the connection, and the others read
          through it. These seven clients are of one page; seven tabs do the same.
        </p>
        <Readers readers={shared.readers} />
        <Claim of={[]}>{shared.reading}</Claim>
      </section>
      <div class="actions">
        <p class="note" role="status">
          {fault ??
            (busy ? 'The page is trying it …' : 'Tried by this page just now. All of it is closed again.')}
        </p>
        <button type="button" class="plain" disabled={busy} onClick={() => setRound((before) => before + 1)}>
          Try it again
        </button>
      </div>
    </>
  );
}

function Readers({ readers }: { readers: readonly Reader[] }) {
  return (
    <ol class="readers" style={{ '--t': TRANSPORTS.sse.colour }}>
      {readers.map((reader, index) => (
        <li key={index} data-state={reader.kind}>
          {wordsOf(reader)}
        </li>
      ))}
    </ol>
  );
}

function wordsOf(reader: Reader): string {
  switch (reader.kind) {
    case 'idle':
      return 'not yet';
    case 'waiting':
      return 'waits';
    case 'closed':
      return 'closed';
    case 'shares':
      return 'shares';
    case 'open':
      return `${Math.round(reader.ms)} ms`;
  }
}
