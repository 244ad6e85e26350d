import { TCP_TRANSPORTS } from '../../../../protocol/transport-name.ts';
import { ENDPOINT_NAMES, type EndpointName, isEndpointName } from '../../../endpoint-name.ts';
import { type WireName, wireFacts } from '../../endpoints.ts';
import type { Lane } from '../../measure/lane.ts';
import { TransportLabel } from '../../parts/transport-choice.tsx';
import { bytesOf, delayOf, perSecond } from '../../transports.ts';
import { EndpointSwitch } from './endpoint-switch.tsx';

interface FiguresProps {
  readonly lanes: readonly Lane[];
  readonly pollIntervalMs: number;
  readonly now: number;
  /** The endpoints that are read. */
  readonly on: readonly EndpointName[];
  readonly onSwitch: (name: EndpointName, isOn: boolean) => void;
}

/** Beside each other: what the field claims of a wire, and what was measured here. */
export function Figures({ lanes, on, ...props }: FiguresProps) {
  return (
    <table class="lanes">
      <thead>
        <tr>
          <th scope="col">Wire</th>
          <th scope="col">Delay, average</th>
          <th scope="col">Requests</th>
          <th scope="col">Bytes to begin</th>
          <th scope="col">Around a message</th>
          <th scope="col">Content</th>
          <th scope="col">An idle minute</th>
        </tr>
      </thead>
      <tbody>
        {/* A row for each from the first, so that nothing moves when the lanes open. */}
        {[...TCP_TRANSPORTS, ...ENDPOINT_NAMES].map((name) => {
          const isOn = !isEndpointName(name) || on.includes(name);
          const opened = lanes.find((each) => each.name === name);
          // A lane that was switched off is there until the next effect has closed it.
          const lane = isOn ? (opened ?? unopened(name, 'opening')) : unopened(name, 'off');
          return <Row key={name} lane={lane} {...props} />;
        })}
      </tbody>
    </table>
  );
}

type RowProps = Pick<FiguresProps, 'pollIntervalMs' | 'now' | 'onSwitch'> & { readonly lane: Told };

function Row({ lane, pollIntervalMs, now, onSwitch }: RowProps) {
  const { name, cost, empty, gaps, state } = lane;
  const { label, colour, claims, how, asksAgain } = wireFacts(name);
  return (
    <tr data-transport={name} data-received={lane.received} data-state={state.kind}>
      <th scope="row">
        {isEndpointName(name) ? (
          <>
            <span class="transport endpoint-label" style={{ '--t': colour }}>
              {label}
            </span>
            <EndpointSwitch name={name} isOn={state.kind !== 'off'} onSwitch={onSwitch} />
          </>
        ) : (
          <TransportLabel name={name} />
        )}
        {state.kind === 'blocked' ? (
          <p class="blocked">Blocked here, because of: {state.why}. It is tried again.</p>
        ) : (
          <p>{how}</p>
        )}
        {gaps > 0 && <p class="blocked">{gaps === 1 ? 'A gap was' : `${gaps} gaps were`} told.</p>}
      </th>
      <Cell name="Delay, average" figure={delayOf(lane.delayMs)} claim={claims.delay(pollIntervalMs)} />
      <Cell
        name="Requests"
        figure={requestsOf(lane, asksAgain, now)}
        claim={claims.requests(pollIntervalMs)}
        {...(asksAgain && { more: `${empty.toLocaleString('en')} brought nothing` })}
      />
      <Cell
        name="Bytes to begin"
        figure={asksAgain ? 'each time' : bytesOf(cost?.once)}
        claim={asksAgain ? 'begins with every request' : 'handshake, heads, padding'}
      />
      <Cell name="Around a message" figure={bytesOf(cost?.framing)} claim={claims.bytes} />
      <Cell name="Content" figure={bytesOf(cost?.content)} claim="the message as JSON" />
      <Cell
        name="An idle minute"
        figure={bytesOf(cost?.idleMinute)}
        claim={asksAgain ? 'requests that bring nothing' : 'signs of life, told after 30 s'}
      />
    </tr>
  );
}

interface CellProps {
  readonly name: string;
  readonly figure: string;
  readonly claim: string;
  readonly more?: string;
}

function Cell({ name, figure, claim, more }: CellProps) {
  return (
    <td data-name={name}>
      <strong>{figure}</strong>
      {more && <p class="more">{more}</p>}
      <p>
        <span class="unseen">The field says: </span>
        {claim}
      </p>
    </td>
  );
}

type Told = Pick<Lane, 'name' | 'received' | 'delayMs' | 'requests' | 'empty' | 'gaps' | 'cost' | 'since'> & {
  readonly state: Lane['state'] | { readonly kind: 'off' };
};

function unopened(name: WireName, kind: 'off' | 'opening'): Told {
  const nothing = { received: 0, delayMs: undefined, requests: 0, empty: 0, gaps: 0, cost: undefined };
  return { name, state: { kind }, ...nothing, since: performance.now() };
}

function requestsOf({ requests, since, state }: Told, asksAgain: boolean, now: number): string {
  if (state.kind === 'off') return '–';
  if (!asksAgain) return String(requests);
  const elapsedMs = now - since;
  return elapsedMs < 1000 ? '–' : perSecond((requests * 1000) / elapsedMs);
}
