import { CHECKS, FIGURES } from '../../../../../capacity/figures.ts';
import { capacityOf } from '../../../../../capacity/model.ts';
import { BOUNDS, loadOf, machineOf, type Plan } from './plan.ts';
import { about, short } from './words.ts';

const { least: LEAST, most: MOST } = BOUNDS.users;
const DECADES = Math.log10(MOST / LEAST);
/** From one power of ten to the next. */
const SAMPLES = 40;
const USERS = Array.from({ length: DECADES * SAMPLES + 1 }, (_, nth) => LEAST * 10 ** (nth / SAMPLES));
/** More labels than these would touch. */
const MAX_LABELS = 5;
const MEASURED = [...new Set(CHECKS.map(({ users }) => users))];
const MEASURED_MOST = Math.max(...MEASURED);

/** Machines and money over users, by the visitor's load. */
export function Curves({ plan }: { readonly plan: Plan }) {
  const of = (users: number) => capacityOf(FIGURES, loadOf({ ...plan, users }), machineOf(plan));
  const money = (users: number) => {
    const { nodes, log, traffic } = of(users).price;
    return nodes + log + traffic;
  };
  return (
    <section aria-labelledby="curves-title">
      <h3 id="curves-title">With more users, or fewer</h3>
      <div class="curves">
        <Curve title="Machines" users={plan.users} valueAt={(users) => of(users).nodes} />
        <Curve title="A month, at your prices" users={plan.users} valueAt={money} />
      </div>
      <p class="note">
        The rings are at {MEASURED.map((users) => users.toLocaleString('en')).join(', ')} users: the sizes
        that were measured, on one machine, with the loads of the table below. The dashed line is the model
        alone.
      </p>
    </section>
  );
}

interface CurveProps {
  readonly title: string;
  /** Where the visitor is. */
  readonly users: number;
  readonly valueAt: (users: number) => number;
}

/** Both axes are logarithms to the base of ten. What has been measured is solid. */
function Curve({ title, users, valueAt }: CurveProps) {
  const values = USERS.map(valueAt);
  const [bottom, top] = decadesOf(values);
  const x = (at: number) => (Math.log10(at / LEAST) / DECADES) * 100;
  const y = (value: number) => {
    const share = (Math.log10(value) - bottom) / (top - bottom);
    return 100 * (1 - Math.max(0, share));
  };
  const points = USERS.map((at, nth) => [at, `${x(at).toFixed(2)} ${y(values[nth]!).toFixed(2)}`] as const);
  const border = `${x(MEASURED_MOST).toFixed(2)} ${y(valueAt(MEASURED_MOST)).toFixed(2)}`;
  const near = points.filter(([at]) => at < MEASURED_MOST).map(([, point]) => point);
  const far = points.filter(([at]) => at > MEASURED_MOST).map(([, point]) => point);
  const spot = (at: number) => ({ insetInlineStart: `${x(at)}%`, top: `${y(valueAt(at))}%` });
  const each = Math.ceil((top - bottom + 1) / MAX_LABELS);
  const levels = range(bottom, top).filter((power) => (power - bottom) % each === 0);
  const summary = range(Math.log10(LEAST), Math.log10(MOST)).map(
    (power) => `${about(valueAt(10 ** power))} at ${(10 ** power).toLocaleString('en')} users`,
  );
  return (
    <figure class="curve">
      <figcaption>
        {title}: <b>{about(valueAt(users))}</b> at {users.toLocaleString('en')} users
      </figcaption>
      <div class="plane">
        <svg
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title} over users, measured up to ${MEASURED_MOST.toLocaleString('en')}, a model beyond: ${summary.join('; ')}`}
        >
          {levels.map((power) => (
            <line key={power} class="grid" x1="0" x2="100" y1={y(10 ** power)} y2={y(10 ** power)} />
          ))}
          <rect class="looked" width={x(MEASURED_MOST)} height="100" />
          <line class="here" x1={x(users)} x2={x(users)} y1="0" y2="100" />
          <path class="line" d={`M${[...near, border].join('L')}`} />
          <path class="line modelled" d={`M${[border, ...far].join('L')}`} />
        </svg>
        {levels.map((power) => (
          <span key={power} class="level" aria-hidden="true" style={{ top: `${y(10 ** power)}%` }}>
            {short(10 ** power)}
          </span>
        ))}
        <span class="far" aria-hidden="true" style={{ insetInlineStart: `${x(MEASURED_MOST)}%` }}>
          a model
        </span>
        <span class="near" aria-hidden="true">
          measured
        </span>
        {MEASURED.map((at) => (
          <span key={at} class="ring" aria-hidden="true" style={spot(at)} />
        ))}
        <span class="spot" aria-hidden="true" style={spot(users)} />
      </div>
      <p class="powers" aria-hidden="true">
        {range(Math.log10(LEAST), Math.log10(MOST)).map((power) => (
          <span key={power} style={{ insetInlineStart: `${x(10 ** power)}%` }}>
            {short(10 ** power)}
          </span>
        ))}
      </p>
    </figure>
  );
}

/** The powers of ten below and above all values; what is free has none, and lies at the bottom. */
function decadesOf(values: readonly number[]): readonly [number, number] {
  const priced = values.filter((value) => value > 0);
  if (priced.length === 0) return [0, 1];
  const bottom = Math.floor(Math.log10(Math.min(...priced)));
  return [bottom, Math.max(bottom + 1, Math.ceil(Math.log10(Math.max(...priced))))];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, nth) => from + nth);
}
