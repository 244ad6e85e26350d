import { TCP_TRANSPORTS, type TcpTransport } from '../../../../protocol/transport-name.ts';
import type { Lane } from '../../measure/lane.ts';
import { TransportLabel } from '../../parts/transport-choice.tsx';
import { bytesOf, delayOf, perSecond, TRANSPORTS } from '../../transports.ts';

interface FiguresProps {
  readonly lanes: readonly Lane[];
  readonly pollIntervalMs: number;
  readonly now: number;
}

/** Beside each other: what the field claims of a transport, and what was measured here. */
export function Figures({ lanes, pollIntervalMs, now }: FiguresProps) {
  return (
    <table class="lanes">
      <thead>
        <tr>
          <th scope="col">Transport</th>
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
        {TCP_TRANSPORTS.map((transport) => {
          const { claims, how, asksAgain } = TRANSPORTS[transport];
          const lane = lanes.find((each) => each.transport === transport) ?? unopened(transport);
          const { cost, empty, state } = lane;
          return (
            <tr
              key={lane.transport}
              data-transport={lane.transport}
              data-received={lane.received}
              data-state={state.kind}
            >
              <th scope="row">
                <TransportLabel name={lane.transport} />
                {state.kind === 'blocked' ? (
                  <p class="blocked">Blocked here, because of: {state.why}. It is tried again.</p>
                ) : (
                  <p>{how}</p>
                )}
              </th>
              <Cell
                name="Delay, average"
                figure={delayOf(lane.delayMs)}
                claim={claims.delay(pollIntervalMs)}
              />
              <Cell
                name="Requests"
                figure={requestRate(lane, now)}
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
        })}
      </tbody>
    </table>
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

type Told = Pick<
  Lane,
  'transport' | 'state' | 'received' | 'delayMs' | 'requests' | 'empty' | 'cost' | 'since'
>;

function unopened(transport: TcpTransport): Told {
  const nothing = { received: 0, delayMs: undefined, requests: 0, empty: 0, cost: undefined };
  return { transport, state: { kind: 'opening' }, ...nothing, since: performance.now() };
}

function requestRate({ requests, since, transport }: Told, now: number): string {
  if (TRANSPORTS[transport].asksAgain) {
    const elapsedMs = now - since;
    return elapsedMs < 1000 ? '–' : perSecond((requests * 1000) / elapsedMs);
  }
  return String(requests);
}
