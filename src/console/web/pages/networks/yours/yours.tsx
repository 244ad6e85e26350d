import { useEffect, useState } from 'preact/hooks';
import type { Finding } from '../../../../../doctor/finding.ts';
import { bestWire, exitCodeOf, judge } from '../../../../../doctor/judge.ts';
import type { WireResult } from '../../../../../doctor/readings.ts';
import { arrivedLines, heldText, verdictOf } from '../../../../../doctor/words.ts';
import { copyText } from '../../../parts/copy-text.ts';
import { hubUrl, sentenceOf } from '../../../shell/connection.ts';
import { delayOf } from '../../../transports.ts';
import { colourOf, TechniqueLabel } from '../technique.tsx';
import { type Examination, examine } from './examine.ts';

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

function Result({ examination: { readings, browser } }: { examination: Examination }) {
  const diagnosis = judge(readings);
  const { findings, notes } = diagnosis;
  const exitCode = exitCodeOf(readings, diagnosis);
  const report = { exitCode, uses: bestWire(readings), ...diagnosis, readings, browser };
  const [copied, setCopied] = useState('');
  return (
    <>
      <section class="verdict-of" data-exit={exitCode} aria-label="What it comes to">
        <p class="conclusion" role="status">
          {verdictOf(readings, diagnosis)}
        </p>
        <Wires wires={Object.entries(readings.wires)} />
        <ul class="arrived">
          {browser.protocol && (
            <li>From this browser to the next hop: {browser.protocol.replace(/^h(\d)$/, 'HTTP/$1')}</li>
          )}
          {arrivedLines(readings).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <div class="actions">
          <button
            type="button"
            class="plain"
            onClick={async () => setCopied(await copyText(JSON.stringify(report, null, 2)))}
          >
            Copy as JSON
          </button>
          <p class="note" role="status">
            {copied || 'For a ticket: all that was read, and what it means. It holds no token.'}
          </p>
        </div>
      </section>
      {findings.length > 0 && (
        <section aria-labelledby="findings-title">
          <h3 id="findings-title">What your network does, and what to change</h3>
          {findings.map((finding) => (
            <FindingCard key={finding.fault} finding={finding} />
          ))}
        </section>
      )}
      {notes.length > 0 && (
        <section aria-labelledby="notes-title">
          <h3 id="notes-title">What could not be judged</h3>
          <ul class="arrived">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
      <p class="note">
        A page sees less than a program: of a WebSocket that is refused it is not told the answer, and of a
        certificate nothing. <code>npx fanwire doctor {readings.url}</code> sees more, from that computer.
      </p>
    </>
  );
}

function FindingCard({ finding: { fault, sentence, change, see } }: { finding: Finding }) {
  return (
    <article class="finding">
      <h4>
        <code>{fault}</code>
      </h4>
      <p>{sentence}</p>
      <p class="change">{change}</p>
      <p class="note">
        More in <code>{see}</code>
      </p>
    </article>
  );
}

function Wires({ wires }: { wires: readonly (readonly [string, WireResult])[] }) {
  return (
    <table class="readings">
      <caption class="unseen">What was read of each wire</caption>
      <thead>
        <tr>
          <th scope="col">Wire</th>
          <th scope="col">Works</th>
          <th scope="col">First byte</th>
          <th scope="col">Round trip</th>
          <th scope="col">Message</th>
          <th scope="col">Held</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {wires.map(([name, result]) => (
          <WireRow key={name} name={name} result={result} />
        ))}
      </tbody>
    </table>
  );
}

const WORKS = { proved: 'works', failed: 'does not', 'not tried': 'not tried' } as const;
const STATES = { proved: 'works', failed: 'nothing', 'not tried': 'unknown' } as const;

function WireRow({ name, result }: { name: string; result: WireResult }) {
  const proved = result.state === 'proved' ? result : undefined;
  const why =
    result.state === 'failed' ? result.failure.detail : result.state === 'not tried' ? result.why : '';
  return (
    <tr style={{ '--t': colourOf(name) }} data-wire={name} data-state={STATES[result.state]}>
      <th scope="row">
        <TechniqueLabel name={name} />
      </th>
      <td>
        <span class="became">{WORKS[result.state]}</span>
      </td>
      <td data-title="First byte">{delayOf(proved?.firstByteMs)}</td>
      <td data-title="Round trip">{delayOf(proved?.provedMs)}</td>
      <td data-title="Message">{delayOf(proved?.messageMs)}</td>
      <td data-title="Held">{proved?.held ? heldText(proved.held) : '–'}</td>
      <td data-title="Why" class="said">
        {why || '–'}
      </td>
    </tr>
  );
}
