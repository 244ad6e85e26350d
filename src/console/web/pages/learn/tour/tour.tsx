import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { TcpTransport } from '../../../../../protocol/transport-name.ts';
import { TransportLabel } from '../../../parts/transport-choice.tsx';
import { sentenceOf } from '../../../shell/connection.ts';
import { readToken } from '../../../shell/operator-token.ts';
import type { PageProps } from '../../../shell/pages.ts';
import { SIMPLEST_FIRST } from '../../../transports.ts';
import type { Step } from '../../inspector/dissect/steps.ts';
import { publishByPost, type Reader } from '../../inspector/reader.ts';
import { INSPECTED } from '../../inspector/transports.ts';
import { useRecording } from '../../inspector/use-recording.ts';
import type { UnderWay } from '../../inspector/wire-store.ts';
import { type Row, rowsOf } from '../rows.ts';
import { Sequence } from '../sequence.tsx';
import { Follow } from './follow.tsx';
import { SENT, SendPanel, type SentName } from './send-panel.tsx';
import { type Act, readBy, WAIT_SECONDS } from './stop.ts';
import { StopCard } from './stop-card.tsx';
import { TOURS } from './tours.ts';

/** Where the visitor is. Each run reads anew. */
interface Place {
  readonly transport: TcpTransport;
  readonly nth: number;
  readonly run: number;
}

const DRAW_MS = 200;
/** A request that is answered sooner is not drawn as parked. */
const SHOWN_AFTER_MS = 300;
const LINES = 11;

/** A guided tour over what this page's own requests look like on the wire, one transport after the other. */
export default function Tour({ fanwire, status, onRefused }: PageProps) {
  const { mark, store, epoch, fault, cut, ping } = useRecording({ fanwire, status, onRefused });
  const [place, setPlace] = useState<Place>({ transport: SIMPLEST_FIRST[0]!, nth: 0, run: 0 });
  const [note, setNote] = useState('');
  const [sent, setSent] = useState('');
  /** `newest`: what was sent last, once it has come. */
  const [picked, setPicked] = useState<string | 'newest'>();
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const reader = useRef<Reader | undefined>(undefined);
  const { transport, nth, run } = place;
  const token = readToken();
  const stamp = useMemo(() => ({ mark, token }), [mark, token]);

  useEffect(() => {
    if (epoch === 0) return;
    store.clear();
    const opened = readBy(transport, stamp, setNote);
    reader.current = opened;
    const timer = setInterval(draw, DRAW_MS, undefined);
    return () => {
      clearInterval(timer);
      opened.close();
      reader.current = undefined;
    };
  }, [transport, run, stamp, store, epoch]);

  const { steps: all, underWay } = store.snapshot();
  const steps = stepsOfRun(all, transport);
  const own = steps.filter(({ purpose }) => purpose === transport);
  const stops = TOURS[transport];
  const shown = picked === 'newest' ? newestMessage(own) : steps.find(({ key }) => key === picked);
  const current = shown ?? stops[nth]!.find(steps);

  const go = (to: Partial<Place>) => {
    setPicked(undefined);
    setPlace((before) => ({ ...before, ...to }));
  };
  const send = async (name: SentName) => {
    const { data, type } = SENT[name];
    try {
      const up = type === undefined ? reader.current?.send : undefined;
      if (up) up(data);
      setSent(up ? 'Sent by a frame.' : await publishByPost(stamp, data, type));
    } catch (error) {
      setSent(sentenceOf(error));
    }
  };
  const act: Readonly<Record<Act, () => void>> = {
    publish: () => void send('message'),
    ping,
    cut,
    close: () => reader.current?.close(),
  };
  const nextTransport = SIMPLEST_FIRST[SIMPLEST_FIRST.indexOf(transport) + 1];

  return (
    <>
      <section class="tour" aria-labelledby="tour-title">
        <div class="tour-head">
          <h3 id="tour-title" class="unseen">
            The tour
          </h3>
          <fieldset class="choice">
            <legend class="unseen">Transport</legend>
            {SIMPLEST_FIRST.map((name) => (
              <label key={name}>
                <input
                  type="radio"
                  name="toured"
                  checked={name === transport}
                  onChange={() => go({ transport: name, nth: 0 })}
                />
                <span>
                  <TransportLabel name={name} />
                </span>
              </label>
            ))}
          </fieldset>
          <button type="button" class="plain" onClick={() => go({ nth: 0, run: run + 1 })}>
            From the start
          </button>
        </div>
        <p class="note" role="status">
          {fault ?? (note || 'Asking the hub to record …')}
        </p>
        <div class="tour-body">
          <Follow watch={`${current?.key} ${steps.length}`}>
            <Sequence
              title="What crosses the wire"
              transport={transport}
              rows={[...rowsOf(steps, WAIT_SECONDS * 1000), ...parkedNow(underWay, transport)]}
              lines={LINES}
              current={current?.key}
              onPick={setPicked}
              empty="The page is about to ask …"
            />
          </Follow>
          <StopCard
            stop={stops[nth]!}
            nth={nth}
            count={stops.length}
            steps={steps}
            picked={shown}
            onAct={(which) => act[which]()}
            onPrevious={nth > 0 ? () => go({ nth: nth - 1 }) : undefined}
            onNext={
              nth < stops.length - 1
                ? () => go({ nth: nth + 1 })
                : nextTransport && (() => go({ transport: nextTransport, nth: 0 }))
            }
          />
        </div>
      </section>
      <SendPanel
        ready={epoch > 0}
        pings={INSPECTED[transport].frames}
        note={sent}
        onSend={(name) => {
          setPicked('newest');
          void send(name);
        }}
        onPing={ping}
      />
    </>
  );
}

/** What belongs to this run: what is left of the one before ends later. */
function stepsOfRun(steps: readonly Step[], transport: TcpTransport): readonly Step[] {
  const first = steps.find(({ purpose, detail }) => purpose === transport && detail.kind === 'request');
  if (!first) return [];
  return steps.filter(
    ({ exchange, purpose }) => exchange >= first.exchange && (purpose === transport || purpose === 'publish'),
  );
}

function newestMessage(steps: readonly Step[]): Step | undefined {
  return steps.findLast(({ from, tally }) => from === 'server' && tally.messages > 0);
}

function parkedNow(underWay: readonly UnderWay[], transport: TcpTransport): Row[] {
  return underWay.flatMap(({ state, purpose, exchange, heardAt }): Row[] => {
    const heldMs = performance.now() - heardAt;
    if (state !== 'asked' || purpose !== transport || heldMs < SHOWN_AFTER_MS) return [];
    const share = heldMs / (WAIT_SECONDS * 1000);
    return [
      {
        kind: 'bar',
        key: `parked ${exchange}`,
        text: `parked ${(heldMs / 1000).toFixed(1)} s of ${WAIT_SECONDS} s`,
        share,
      },
    ];
  });
}
