import { useState } from 'preact/hooks';
import { TransportLabel } from '../../../parts/transport-choice.tsx';
import type { PageProps } from '../../../shell/pages.ts';
import { TRANSPORTS } from '../../../transports.ts';
import { Claim } from '../claim.tsx';
import { CLAIMS } from './claims.ts';
import { CrowdSections } from './crowd/crowd.tsx';
import { ESTIMATED, type EstimatedName, estimate, LIMIT_SECONDS, type Plan } from './estimate.ts';
import { bytesRate, figure, rounded } from './figures.ts';
import { Radio } from './radio/radio.tsx';
import type { Readings } from './readings.ts';
import { useReadings } from './use-readings.ts';

/** The field's examples. */
const EXAMPLES: readonly Plan[] = [
  { users: 1000, intervalSeconds: 2, messagesAnHour: 60 },
  { users: 10_000, intervalSeconds: 5, messagesAnHour: 60 },
];

/** What a plan costs by transport, from what was measured on this page. */
export default function Cost(props: PageProps) {
  const { readings, measuring, fault } = useReadings(props);
  const [plan, setPlan] = useState(EXAMPLES[0]!);
  return (
    <>
      <Planned plan={plan} readings={readings} onPlan={setPlan} />
      <section aria-labelledby="measured-title">
        <h3 id="measured-title">Measured on this page</h3>
        <Measured readings={readings} />
        <p class="note">
          Of one channel an event stream carries the payloads alone, and every other transport whole messages,
          with their time and channel.
        </p>
        <p class="note" role="status">
          {fault ??
            (measuring
              ? 'Measuring: the page polls every second, and reads by three other transports …'
              : 'Measured on real connections of this page, by the hub’s sockets. Open the lesson again to measure anew.')}
        </p>
      </section>
      <section class="claims" aria-labelledby="claims-title">
        <h3 id="claims-title">What the field says of it</h3>
        {CLAIMS.map(({ of, reading }) => (
          <Claim key={of} of={[of]}>
            {reading(readings)}
          </Claim>
        ))}
      </section>
      <CrowdSections fanwire={props.fanwire} />
      <Radio />
    </>
  );
}

interface PlannedProps {
  readonly plan: Plan;
  readonly readings: Readings;
  readonly onPlan: (plan: Plan) => void;
}

const FIELDS = [
  { member: 'users', label: 'Users', most: 10_000_000, least: 1 },
  { member: 'intervalSeconds', label: 'Polled every … seconds', most: 3600, least: 1 },
  { member: 'messagesAnHour', label: 'Messages an hour for each', most: 36_000, least: 0 },
] as const;

function Planned({ plan, readings, onPlan }: PlannedProps) {
  const rows = ESTIMATED.map((name) => ({ name, ...estimate(name, plan, readings) }));
  const most = Math.max(1, ...rows.map(({ bytesASecond = 0 }) => bytesASecond));
  return (
    <section aria-labelledby="plan-title">
      <h3 id="plan-title">Your application</h3>
      <div class="plan">
        {FIELDS.map(({ member, label, most, least }) => (
          <label key={member}>
            {label}
            <input
              type="number"
              min={least}
              max={most}
              value={plan[member]}
              onInput={({ currentTarget: { valueAsNumber: value } }) => {
                if (value >= least && value <= most) onPlan({ ...plan, [member]: value });
              }}
            />
          </label>
        ))}
        <div class="examples">
          {EXAMPLES.map((example) => (
            <button key={example.users} type="button" class="plain" onClick={() => onPlan(example)}>
              {example.users.toLocaleString('en')} every {example.intervalSeconds} s
            </button>
          ))}
        </div>
      </div>
      <table class="estimates">
        <caption class="unseen">What it costs all users together, by transport</caption>
        <thead>
          <tr>
            <th scope="col">Transport</th>
            <th scope="col">Requests a second</th>
            <th scope="col">Bytes a second, both ways</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, requestsASecond, bytesASecond }) => (
            <tr key={name} data-transport={name} style={{ '--t': TRANSPORTS[name].colour }}>
              <th scope="row">
                <TransportLabel name={name} />
              </th>
              <td>{rounded(requestsASecond)}</td>
              <td>
                <span class="rate">{bytesRate(bytesASecond)}</span>
                <span class="measure" aria-hidden="true">
                  <span style={{ inlineSize: `${((bytesASecond ?? 0) / most) * 100}%` }} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="note">
        Multiplied from the readings below. A long poll without news is counted as parked for {LIMIT_SECONDS}{' '}
        s. Streams ask once, when they open. Signs of life, TCP and TLS are not in it.
      </p>
    </section>
  );
}

/** What a question without news costs, what a message costs, and how much of that is not the message. */
const ROWS: Readonly<
  Record<
    EstimatedName,
    (readings: Readings) => {
      empty?: number | undefined;
      message: number | undefined;
      around: number | undefined;
    }
  >
> = {
  polling: ({ poll, pollWithMessage, pollHeads }) => ({
    empty: poll,
    message: pollWithMessage,
    around: pollHeads,
  }),
  'long-polling': ({ longPoll, longPollWithMessage, longPollHeads }) => ({
    empty: longPoll,
    message: longPollWithMessage,
    around: longPollHeads,
  }),
  sse: ({ event, eventFraming }) => ({ message: event, around: eventFraming }),
  websocket: ({ frame, frameHeader }) => ({ message: frame, around: frameHeader }),
};

function Measured({ readings }: { readings: Readings }) {
  return (
    <table class="estimates">
      <caption class="unseen">Bytes by transport</caption>
      <thead>
        <tr>
          <th scope="col">Transport</th>
          <th scope="col">A question without news</th>
          <th scope="col">A message</th>
          <th scope="col">Of it heads or framing</th>
        </tr>
      </thead>
      <tbody>
        {ESTIMATED.map((name) => {
          const { empty, message, around } = ROWS[name](readings);
          return (
            <tr key={name} data-measured={name}>
              <th scope="row">
                <TransportLabel name={name} />
              </th>
              <td>{TRANSPORTS[name].asksAgain ? figure(empty) : 'none is asked'}</td>
              <td>{figure(message)}</td>
              <td>{figure(around)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
