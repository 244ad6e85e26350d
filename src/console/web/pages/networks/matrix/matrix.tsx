import { useState } from 'preact/hooks';
import type { PageProps } from '../../../shell/pages.ts';
import { colourOf, TechniqueLabel } from '../technique.tsx';
import { type Activity, type Lab, useLab } from '../use-lab.ts';
import { MatrixCell } from './cell.tsx';
import { Column } from './column.tsx';
import { isComplete, shownOf } from './shown.ts';

/** Technique × network: what the field says, and what is measured here beside it. */
export default function Matrix(props: PageProps) {
  const lab = useLab(props);
  const [pressed, setPressed] = useState<string>();
  const { catalogue, measured, activity, ask } = lab;
  if (!catalogue) return <p class="note">Asking the hub which networks it has …</p>;
  const now = activity.kind === 'measuring' ? activity.now : undefined;
  const { networks, techniques } = catalogue;
  // Who presses nothing follows what is measured.
  const chosen = pressed ?? now?.column.network ?? networks[0]!.name;
  const columns = networks.map((network) => ({ network, shown: shownOf(network.name, measured, now) }));
  const isBusy = activity.kind === 'driving' || activity.kind === 'asked';
  const press = (name: string) => {
    setPressed(name);
    const isUnderWay = now && (now.column.network === name || now.waiting.includes(name));
    if (!measured.has(name) && !isUnderWay && !isBusy) ask({ kind: 'measure', networks: [name] });
  };
  return (
    <>
      <section aria-labelledby="matrix-title">
        <div class="matrix-head">
          <h3 id="matrix-title">Technique × network</h3>
          <button
            type="button"
            disabled={isBusy || now !== undefined}
            onClick={() => {
              setPressed(undefined);
              ask({ kind: 'measure', networks: networks.map(({ name }) => name) });
            }}
          >
            Measure all
          </button>
          <button type="button" class="plain" disabled={!now} onClick={() => ask({ kind: 'end' })}>
            Stop
          </button>
          <p class="note" role="status">
            {sentenceOf(activity)}
          </p>
        </div>
        <table class="matrix">
          <caption class="unseen">What each technique does in each network</caption>
          <thead>
            <tr>
              <td />
              {columns.map(({ network, shown }) => (
                <th key={network.name} scope="col">
                  <button
                    type="button"
                    aria-pressed={network.name === chosen}
                    onClick={() => press(network.name)}
                  >
                    {network.title}
                    <small>{stateOf(network.name, lab, shown !== undefined)}</small>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {techniques.map(({ name }, row) => (
              <tr key={name} style={{ '--t': colourOf(name) }}>
                <th scope="row">
                  <TechniqueLabel name={name} />
                </th>
                {columns.map(({ network, shown }) => (
                  <MatrixCell
                    key={network.name}
                    isChosen={network.name === chosen}
                    claim={network.claims[name]}
                    cell={shown?.column.cells[row]}
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
        network={networks.find(({ name }) => name === chosen)!}
        techniques={techniques}
        shown={columns.find(({ network }) => network.name === chosen)?.shown}
        isBusy={isBusy || now !== undefined}
        onMeasure={() => ask({ kind: 'measure', networks: [chosen] })}
      />
    </>
  );
}

function stateOf(name: string, { activity }: Lab, isMeasured: boolean): string {
  if (activity.kind === 'measuring') {
    if (activity.now.waiting.includes(name)) return 'waits its turn';
    if (activity.now.column.network === name && !isComplete(activity.now)) return 'measuring …';
  }
  return isMeasured ? 'measured' : 'press to measure';
}

function sentenceOf(activity: Activity): string {
  switch (activity.kind) {
    case 'idle':
      return activity.fault ?? '';
    case 'asked':
      return 'The hub’s machine starts it …';
    case 'measuring': {
      const { waiting, column } = activity.now;
      return `Measuring: ${column.title}${waiting.length > 0 ? `; ${waiting.length} to come` : ''}. All who look see the same.`;
    }
    case 'driving':
      return 'Somebody drives a network just now: that has to end first.';
  }
}

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
          Silence, heartbeats, polls and parked requests: a carrier’s 30 s are {30 / pace} s, a poll each 5 s
          is one each {5 / pace} s. Connecting and coming back take what they take.
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
