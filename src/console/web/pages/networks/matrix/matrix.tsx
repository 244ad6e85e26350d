import { useState } from 'preact/hooks';
import type { Choice } from '../../../../../lab/process/orders.ts';
import type { Measured } from '../../../../networks/reports.ts';
import type { PageProps } from '../../../shell/pages.ts';
import { activityWords } from '../activity-words.ts';
import { colourOf, TechniqueLabel } from '../technique.tsx';
import { type Tls, TlsChoice, techniquesOver } from '../tls-choice.tsx';
import { keyOf, useLab } from '../use-lab.ts';
import { MatrixCell } from './cell.tsx';
import { Column } from './column.tsx';
import { cellOf, isOf, shownOf } from './shown.ts';

/** Technique × network: what the field says, and what is measured here beside it. */
export default function Matrix(props: PageProps) {
  const lab = useLab(props);
  const [pressed, setPressed] = useState<string>();
  const [wanted, setWanted] = useState<Tls>();
  const { catalogue, measured, activity, ask } = lab;
  if (!catalogue) return <p class="note">Asking the hub which networks it has …</p>;
  const now = activity.kind === 'measuring' ? activity.now : undefined;
  const { networks } = catalogue;
  // A visitor who presses nothing follows what is measured.
  const tls = wanted ?? now?.column.tls ?? 'none';
  const chosen = pressed ?? (now?.column.tls === tls ? now.column.network : networks[0]!.name);
  const techniques = techniquesOver(tls, catalogue);
  const columns = networks.map((network) => {
    const choice = { network: network.name, tls };
    return { network, choice, shown: shownOf(choice, measured, now) };
  });
  const current = columns.find(({ network }) => network.name === chosen)!;
  const isBusy = activity.kind === 'driving';
  const isUnderWay = now !== undefined || activity.kind === 'asked';
  const press = (choice: Choice) => {
    setPressed(choice.network);
    const isKnown = measured.has(keyOf(choice)) || isOf(choice, now) || isWaiting(choice, now);
    if (!isKnown && !isBusy) ask({ kind: 'measure', choices: [choice] });
  };
  return (
    <>
      <section aria-labelledby="matrix-title">
        <div class="matrix-head">
          <h3 id="matrix-title">Technique × network</h3>
          <button
            type="button"
            disabled={isBusy || isUnderWay}
            onClick={() => {
              setPressed(undefined);
              ask({ kind: 'measure', choices: columns.map(({ choice }) => choice) });
            }}
          >
            Measure all
          </button>
          <button type="button" class="plain" disabled={!now} onClick={() => ask({ kind: 'end' })}>
            Stop
          </button>
          <p class="note" role="status">
            {activityWords(activity, WORDS)}
          </p>
        </div>
        <TlsChoice catalogue={catalogue} chosen={tls} onChoose={setWanted} />
        <table class="matrix">
          <caption class="unseen">What each technique does in each network</caption>
          <thead>
            <tr>
              <td />
              {columns.map(({ network, choice, shown }) => (
                <th key={network.name} scope="col">
                  <button type="button" aria-pressed={network.name === chosen} onClick={() => press(choice)}>
                    {network.title}
                    <small>{stateOf(choice, now, shown)}</small>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {techniques.map(({ name }) => (
              <tr key={name} style={{ '--t': colourOf(name) }}>
                <th scope="row">
                  <TechniqueLabel name={name} />
                </th>
                {columns.map(({ network, shown }) => (
                  <MatrixCell
                    key={network.name}
                    isChosen={network.name === chosen}
                    claim={network.claims[tls][name]}
                    cell={cellOf(shown, name)}
                    stage={shown?.stage}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <Reality pace={catalogue.pace} />
      </section>
      <Column
        network={current.network}
        techniques={techniques}
        shown={current.shown}
        isBusy={isBusy || isUnderWay}
        onMeasure={() => ask({ kind: 'measure', choices: [current.choice] })}
      />
    </>
  );
}

function isWaiting(choice: Choice, now: Measured | undefined): boolean {
  return now?.waiting.some((each) => keyOf(each) === keyOf(choice)) ?? false;
}

function stateOf(choice: Choice, now: Measured | undefined, shown: Measured | undefined): string {
  if (isWaiting(choice, now)) return 'waits its turn';
  if (!shown) return 'press to measure';
  return shown.stage === 'over' ? 'measured' : 'measuring …';
}

const WORDS = {
  measuring: ({ waiting, column }: Measured) =>
    `Measuring: ${column.title}${waiting.length > 0 ? `; ${waiting.length} to come` : ''}. All who look see the same.`,
  driving: 'Somebody drives a network just now: that has to end first.',
};

function Reality({ pace }: { pace: number }) {
  return (
    <dl class="reality">
      <div>
        <dt>Real</dt>
        <dd>
          The sockets, a middlebox for each client, and the clients: what one writes by hand for each
          technique, and fanwire’s own. They run in a process of their own on the hub’s machine.
        </dd>
      </div>
      <div>
        <dt>{pace} times faster than life</dt>
        <dd>
          Silence, heartbeats, QUIC’s signs of life, polls and parked requests: a carrier’s 30 s are{' '}
          {30 / pace} s, a poll each 5 s is one each {5 / pace} s. Connecting and coming back take what they
          take.
        </dd>
      </div>
      <div>
        <dt>Not here</dt>
        <dd>
          Distance: all of it crosses loopback. <code>fanwire lab</code> measures the same in a terminal.
        </dd>
      </div>
    </dl>
  );
}
