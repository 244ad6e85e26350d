import { useState } from 'preact/hooks';
import { TransportLabel } from '../../../../parts/transport-choice.tsx';
import { TRANSPORTS } from '../../../../transports.ts';
import { Claim } from '../../claim.tsx';
import { heldUse, pollUse, type RadioPlan } from './radio-model.ts';

/**
 * Of LTE, by Huang and others (doi:10.1145/2307636.2307658). Tail and base power are taken from works that quote the paper, whose tables were not at
 * hand. One packet alone bears them out: the tail has 12.27 of its 12.76 J, and waking most of the rest.
 */
const LTE = { tailSeconds: 11.576, tailWatts: 1.06, packetJoules: 12.76 } as const;
/** Of a phone, in watt hours. */
const BATTERY_WH = 15;

const FIRST: RadioPlan = {
  messagesAMinute: 2,
  heartbeatSeconds: 25,
  pollSeconds: 30,
  conflateSeconds: 0,
  tailSeconds: Number(LTE.tailSeconds.toFixed(1)),
};

interface Slider {
  readonly member: keyof RadioPlan;
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly told: (value: number) => string;
}

const seconds = (value: number) => `${value} s`;

const SLIDERS: readonly Slider[] = [
  {
    member: 'messagesAMinute',
    label: 'Messages a minute',
    least: 0,
    most: 30,
    step: 0.5,
    told: (value) => `${value}`,
  },
  {
    member: 'conflateSeconds',
    label: 'Conflated to one in',
    least: 0,
    most: 60,
    step: 1,
    told: (value) => (value === 0 ? 'not conflated' : seconds(value)),
  },
  { member: 'heartbeatSeconds', label: 'Heartbeat after', least: 5, most: 120, step: 1, told: seconds },
  { member: 'pollSeconds', label: 'Polled every', least: 1, most: 300, step: 1, told: seconds },
  { member: 'tailSeconds', label: 'Radio awake after a byte', least: 1, most: 20, step: 0.1, told: seconds },
];

const ROWS = [
  { name: 'polling', useOf: pollUse },
  { name: 'long-polling', useOf: heldUse },
  { name: 'sse', useOf: heldUse },
  { name: 'websocket', useOf: heldUse },
] as const;

/** How often a phone's radio is woken, and how long it stays awake, by transport, heartbeat and conflation. */
export function Radio() {
  const [plan, setPlan] = useState(FIRST);
  return (
    <section aria-labelledby="radio-title">
      <h3 id="radio-title">A radio’s battery</h3>
      <p class="lead">
        After each byte a phone’s radio stays awake for a while, in case more comes. What empties the battery
        is how often something is sent, not how much.
      </p>
      <div class="radio">
        <div class="sliders">
          {SLIDERS.map(({ member, label, least, most, step, told }) => (
            <label key={member}>
              <span>
                {label} <b class="told">{told(plan[member])}</b>
              </span>
              <input
                type="range"
                min={least}
                max={most}
                step={step}
                value={plan[member]}
                aria-valuetext={told(plan[member])}
                onInput={({ currentTarget }) =>
                  setPlan((before) => ({ ...before, [member]: currentTarget.valueAsNumber }))
                }
              />
            </label>
          ))}
        </div>
        <table class="estimates">
          <caption class="unseen">What the radio does, by transport</caption>
          <thead>
            <tr>
              <th scope="col">Transport</th>
              <th scope="col">Wake-ups a minute</th>
              <th scope="col">Awake</th>
              <th scope="col">Battery an hour</th>
            </tr>
          </thead>
          <tbody>
            {ROWS.map(({ name, useOf }) => {
              const { wakeUpsAMinute, awake } = useOf(plan);
              return (
                <tr key={name} data-radio={name} style={{ '--t': TRANSPORTS[name].colour }}>
                  <th scope="row">
                    <TransportLabel name={name} />
                  </th>
                  <td>{awake === 1 ? 'never asleep' : wakeUpsAMinute.toFixed(1)}</td>
                  <td>
                    {Math.round(awake * 100)} %
                    <span class="measure" aria-hidden="true">
                      <span style={{ inlineSize: `${awake * 100}%` }} />
                    </span>
                  </td>
                  <td>{((awake * LTE.tailWatts * 100) / BATTERY_WH).toFixed(1)} %</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class="note">
        Worked out, not measured: a browser tells nobody of its radio. Messages come at random times. A hub
        sends a sign of life only after a silence, and the SDK’s long polls end after one, so that the three
        held connections are alike. The tail of {LTE.tailSeconds} s at {LTE.tailWatts} W is that of one LTE
        network: Huang et al., “A Close Examination of Performance and Power Characteristics of 4G LTE
        Networks”, MobiSys 2012, doi:10.1145/2307636.2307658. It is taken from works that quote the paper, and
        was not checked in the paper’s own tables. One packet alone costs {LTE.packetJoules} J there, the tail
        has {(LTE.tailSeconds * LTE.tailWatts).toFixed(2)} J of that, and what waking costs is left out here.
        The battery has {BATTERY_WH} Wh.
      </p>
      <Claim of={['radio']}>{radioWords(plan)}</Claim>
    </section>
  );
}

function radioWords(plan: RadioPlan): string {
  const now = heldUse(plan);
  const rarer = heldUse({ ...plan, heartbeatSeconds: plan.heartbeatSeconds * 2 });
  const batched = heldUse({ ...plan, conflateSeconds: Math.max(30, plan.conflateSeconds) });
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return `Awake ${percent(now.awake)} of the time. With half the pings ${percent(rarer.awake)}; with updates batched to one in 30 s, ${percent(batched.awake)}.`;
}
