import { useEffect, useState } from 'preact/hooks';
import { hubUrl, sentenceOf } from '../../../shell/connection.ts';
import { type Examination, examine } from './examine.ts';
import { Result } from './result.tsx';

/** A first look, then longer than two heartbeats and a parked request. */
const FIRST_LOOK_MS = 1000;
const HOLDS = [
  { ms: FIRST_LOOK_MS, text: 'A first look, 3 s' },
  { ms: 30_000, text: '30 s' },
  { ms: 70_000, text: '70 s, for whatever cuts when idle' },
];

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'looking' }
  /** The first look is over, and connections are held. */
  | { readonly kind: 'holding'; readonly since: number; readonly ms: number };

/** What the network between this browser and the hub does to each wire. */
export default function Yours() {
  const [holdMs, setHoldMs] = useState(HOLDS[2]!.ms);
  const [state, setState] = useState<State>({ kind: 'looking' });
  const [round, setRound] = useState(0);
  const [examination, setExamination] = useState<Examination>();
  const [fault, setFault] = useState<string>();

  useEffect(() => {
    let isGone = false;
    const run = async () => {
      setState({ kind: 'looking' });
      setFault(undefined);
      const first = await examine(FIRST_LOOK_MS);
      if (isGone) return;
      setExamination(first);
      // The page begins with a first look alone: to hold connections for a minute takes somebody who asks.
      if (round === 0 || holdMs === FIRST_LOOK_MS || !first.readings.reach.hub) return;
      setState({ kind: 'holding', since: Date.now(), ms: holdMs });
      const second = await examine(holdMs);
      if (!isGone) setExamination(second);
    };
    run()
      .catch((error) => isGone || setFault(sentenceOf(error)))
      .then(() => isGone || setState({ kind: 'idle' }));
    return () => {
      isGone = true;
    };
  }, [round]);

  return (
    <>
      <section aria-labelledby="examine-title">
        <div class="matrix-head">
          <h3 id="examine-title">
            This browser → <code>{hubUrl()}</code>
          </h3>
        </div>
        <fieldset class="choice" disabled={state.kind !== 'idle'}>
          <legend>Hold connections open for</legend>
          {HOLDS.map(({ ms, text }) => (
            <label key={ms}>
              <input type="radio" name="hold" checked={ms === holdMs} onChange={() => setHoldMs(ms)} />
              <span>{text}</span>
            </label>
          ))}
        </fieldset>
        <div class="actions">
          <button
            type="button"
            disabled={state.kind !== 'idle'}
            onClick={() => setRound((before) => before + 1)}
          >
            Examine it
          </button>
          <Progress state={state} fault={fault} />
        </div>
      </section>
      {examination ? (
        <Result examination={examination} />
      ) : (
        <section class="verdict-of">
          <p class="conclusion">Each wire is opened, and asked for a round trip …</p>
        </section>
      )}
    </>
  );
}

function Progress({ state, fault }: { state: State; fault: string | undefined }) {
  const [, draw] = useState(0);
  useEffect(() => {
    if (state.kind !== 'holding') return;
    const timer = setInterval(() => draw((count) => count + 1), 500);
    return () => clearInterval(timer);
  }, [state]);
  const passed = state.kind === 'holding' ? Math.min(1, (Date.now() - state.since) / state.ms) : 0;
  return (
    <>
      {state.kind === 'holding' && <progress value={passed} aria-label="Held so far" />}
      <p class="note" role="status">
        {fault ?? wordsOf(state)}
      </p>
    </>
  );
}

function wordsOf(state: State): string {
  switch (state.kind) {
    case 'idle':
      return 'Examined by this page, for real: it published one message to a channel of its own, if it may.';
    case 'looking':
      return 'Trying every wire …';
    case 'holding':
      return `Holding them for ${state.ms / 1000} s. Leave this tab in front: browsers slow hidden ones down.`;
  }
}
