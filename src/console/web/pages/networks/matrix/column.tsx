import type { Catalogue, Measured } from '../../../../networks/reports.ts';
import { delayOf } from '../../../transports.ts';
import { Between } from '../between.tsx';
import { colourOf, TechniqueLabel } from '../technique.tsx';
import { STATE_WORDS, stateOf } from './cell.tsx';
import { cellOf } from './shown.ts';

const STAGES: readonly (readonly [Measured['stage'], string])[] = [
  ['begins', 'The clients begin'],
  ['calm', '25 messages while all is calm'],
  ['silent', 'Silence'],
  ['changed', 'What happens midway'],
  ['over', 'Read'],
];

interface ColumnProps {
  readonly network: Catalogue['networks'][number];
  readonly techniques: Catalogue['techniques'];
  readonly shown: Measured | undefined;
  readonly isBusy: boolean;
  readonly onMeasure: () => void;
}

/** One network, and all that was read of each technique in it. */
export function Column({ network, techniques, shown, isBusy, onMeasure }: ColumnProps) {
  const at = STAGES.findIndex(([stage]) => stage === shown?.stage);
  return (
    <section class="network" aria-labelledby="network-title">
      <div class="matrix-head">
        <h3 id="network-title">{network.title}</h3>
        <button type="button" class="plain" disabled={isBusy} onClick={onMeasure}>
          {shown ? 'Measure it again' : 'Measure it'}
        </button>
      </div>
      <p>
        {network.does} Midway: {network.changes}
      </p>
      <Between network={network} clients={techniques.length} />
      <ol class="stages" aria-label="How far it is">
        {STAGES.map(([stage, text], index) => (
          <li
            key={stage}
            aria-current={index === at ? 'step' : undefined}
            data-done={index < at || shown?.stage === 'over' || undefined}
          >
            {text}
          </li>
        ))}
      </ol>
      <p class="conclusion" role="status">
        {shown?.stage === 'over' ? shown.column.conclusion : ' '}
      </p>
      {shown && <Readings techniques={techniques} shown={shown} />}
      {shown?.stage === 'over' && <Disagreements shown={shown} />}
    </section>
  );
}

function Readings({ techniques, shown }: { techniques: Catalogue['techniques']; shown: Measured }) {
  return (
    <table class="readings">
      <caption class="unseen">What was read of each technique</caption>
      <thead>
        <tr>
          <th scope="col">Technique</th>
          <th scope="col">Became</th>
          <th scope="col">First</th>
          <th scope="col">Median</th>
          <th scope="col">Worst</th>
          <th scope="col">Back</th>
          <th scope="col">Missed</th>
          <th scope="col">Twice</th>
          <th scope="col">The client said last</th>
        </tr>
      </thead>
      <tbody>
        {techniques.map(({ name, how }) => {
          const cell = cellOf(shown, name);
          const state = stateOf({ cell, stage: shown.stage });
          return (
            <tr key={name} style={{ '--t': colourOf(name) }} data-state={state}>
              <th scope="row" title={how}>
                <TechniqueLabel name={name} />
              </th>
              <td>
                <span class="became">{STATE_WORDS[state]}</span>
              </td>
              <td data-title="First">{delayOf(cell?.firstMs)}</td>
              <td data-title="Median">{delayOf(cell?.medianMs)}</td>
              <td data-title="Worst">{delayOf(cell?.worstMs)}</td>
              <td data-title="Back">{delayOf(cell?.backMs)}</td>
              <td data-title="Missed">{cell?.missed ?? '–'}</td>
              <td data-title="Twice">{cell?.doubled ?? '–'}</td>
              <td data-title="Said" class="said">
                {cell?.said.at(-1) ?? '–'}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Why a reading may differ from what the field says. */
function Disagreements({ shown }: { shown: Measured }) {
  return (
    <>
      {shown.column.cells.map(
        ({ technique, claim }) =>
          claim?.because && (
            <p key={technique} class="disagreement">
              <TechniqueLabel name={technique} /> <q>{claim.claim}</q>: not so here, as {claim.because}.
            </p>
          ),
      )}
    </>
  );
}
