import type { Lane } from '../../measure/lane.ts';
import { TransportLabel } from '../../parts/transport-choice.tsx';
import { perSecond, TRANSPORTS } from '../../transports.ts';

interface FiguresProps {
  readonly lanes: readonly Lane[];
  readonly pollIntervalMs: number;
  readonly now: number;
}

/** Beside each other: what the field claims of a transport, and what was measured here. */
export function Figures({ lanes, pollIntervalMs, now }: FiguresProps) {
  return (
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">Transport</th>
          <th scope="col">Delay, average</th>
          <th scope="col">Requests</th>
          <th scope="col">Bytes a message</th>
        </tr>
      </thead>
      <tbody>
        {lanes.map((lane) => {
          const { claims, how } = TRANSPORTS[lane.transport];
          return (
            <tr key={lane.transport} data-transport={lane.transport} data-received={lane.received}>
              <th scope="row">
                <TransportLabel name={lane.transport} />
                <p>{how}</p>
              </th>
              <Cell name="Delay, average" figure={averageDelay(lane)} claim={claims.delay(pollIntervalMs)} />
              <Cell name="Requests" figure={requestRate(lane, now)} claim={claims.requests(pollIntervalMs)} />
              <Cell name="Bytes a message" figure={bytesEach(lane)} claim={claims.bytes} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Cell({ name, figure, claim }: { name: string; figure: string; claim: string }) {
  return (
    <td data-name={name}>
      <strong>{figure}</strong>
      <p>
        <span class="unseen">The field says: </span>
        {claim}
      </p>
    </td>
  );
}

function averageDelay({ delayMs }: Lane): string {
  if (delayMs === undefined) return '–';
  if (delayMs >= 1000) return `${(delayMs / 1000).toFixed(2)} s`;
  return `${delayMs < 10 ? delayMs.toFixed(1) : delayMs.toFixed(0)} ms`;
}

function requestRate({ requests, since, transport }: Lane, now: number): string {
  if (TRANSPORTS[transport].asksAgain) {
    const elapsedMs = now - since;
    return elapsedMs < 1000 ? '–' : perSecond((requests * 1000) / elapsedMs);
  }
  return String(requests);
}

function bytesEach({ received, bytes }: Lane): string {
  if (received === 0 || !bytes) return '–';
  return Math.round(bytes / received).toLocaleString('en');
}
