import { FIGURES } from '../../../../../capacity/figures.ts';
import type { Capacity } from '../../../../../capacity/model.ts';
import type { Plan } from './plan.ts';
import { about, LOG_LABELS } from './words.ts';

interface PartsProps {
  readonly plan: Plan;
  readonly capacity: Capacity;
}

type Row = readonly [name: string, value: number];

/** What the answer is made of, as bars. */
export function Parts({ plan, capacity: { cores, memoryGB, price, logServers, nodes } }: PartsProps) {
  const log = LOG_LABELS[plan.log];
  return (
    <section aria-labelledby="parts-title">
      <h3 id="parts-title">What it is made of</h3>
      <div class="parts">
        <Bars
          title="Busy cores"
          rows={[
            ['Deliver to users', cores.deliveries],
            ['Are published to', cores.publishes],
            [`${log}, and publishing to it`, cores.log],
          ]}
        />
        <Bars
          title="Memory, GB"
          rows={[
            ['All connections', memoryGB],
            ['All machines have', nodes * plan.memory],
          ]}
        />
        <Bars
          title="A month, at your prices"
          rows={[
            ['Machines', price.nodes],
            [logServers > 1 ? `${logServers} servers of the log` : 'A server of the log', price.log],
            ['Traffic, if always so busy', price.traffic],
          ]}
        />
      </div>
      <p class="note">
        Every message counts as a write of its own, where the hub joins what a tick brings, and the busiest
        minutes count for the whole month. A connection takes{' '}
        {about(FIGURES.connectionKB[plan.transport] + FIGURES.kernelKB)} kB. TLS is not in it. A second server
        of the log, to take over from the first, is one more.
      </p>
    </section>
  );
}

function Bars({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  const most = Math.max(...rows.map(([, value]) => value));
  return (
    <table class="estimates">
      <caption>{title}</caption>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              {about(value)}
              <span class="measure" aria-hidden="true">
                {value > 0 && <span style={{ inlineSize: `${(value / most) * 100}%` }} />}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
