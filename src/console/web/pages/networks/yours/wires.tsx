import type { WireResult } from '../../../../../doctor/readings.ts';
import { heldText } from '../../../../../doctor/words.ts';
import { delayOf } from '../../../transports.ts';
import { colourOf, TechniqueLabel } from '../technique.tsx';

export function Wires({ wires }: { wires: readonly (readonly [string, WireResult])[] }) {
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
