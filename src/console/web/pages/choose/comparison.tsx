import type { TransportName } from '../../../../client/index.ts';
import { ASPECTS, COMPARED, COMPARISON, type Compared } from '../../../../field/comparison.ts';
import type { PageProps } from '../../shell/pages.ts';
import { bytesOf, delayOf, labelOf, TRANSPORTS } from '../../transports.ts';
import { type Measured, useMeasured } from './measured.ts';

interface ComparisonProps extends Pick<PageProps, 'fanwire' | 'connectBeside' | 'onRefused'> {
  readonly decided: TransportName | undefined;
}

/** What the field says of each transport, and what this hub just measured. */
export function Comparison({ decided, ...props }: ComparisonProps) {
  const measured = useMeasured(props);
  return (
    <section aria-labelledby="comparison-title">
      <h2 id="comparison-title">
        Side by side <small>what the field says, and what this hub has just measured</small>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a phone, so it must be reachable by keyboard */}
      <div class="wide" tabIndex={0}>
        <table class="comparison">
          <thead>
            <tr>
              <td />
              {COMPARED.map((name) => (
                <th key={name} scope="col" class={name === decided ? 'decided' : undefined}>
                  {labelOf(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ASPECTS.map((aspect) => (
              <Row key={aspect} name={aspect} decided={decided} of={(name) => COMPARISON[name][aspect]} />
            ))}
          </tbody>
          <tbody class="measured">
            <Row
              name="Delay, measured"
              decided={decided}
              of={(name) => toldOf(measured.get(name), ({ delayMs }) => delayOf(delayMs))}
            />
            <Row
              name="Requests for it"
              decided={decided}
              of={(name) => toldOf(measured.get(name), requestsOf(name))}
            />
            <Row
              name="Bytes around a message"
              decided={decided}
              of={(name) => toldOf(measured.get(name), ({ cost }) => bytesOf(cost?.framing))}
            />
          </tbody>
        </table>
      </div>
      <p class="note">
        Sticky sessions and a backplane are what the field says of WebSockets in general. Of this hub every
        node with the same log answers any request, on every transport, because a position says where a client
        stands.
      </p>
      <p class="note">
        Measured while you read: five messages, one a second, polled every 2 s; the mean from publish to
        handler in this tab.
      </p>
    </section>
  );
}

interface RowProps {
  readonly name: string;
  readonly decided: TransportName | undefined;
  readonly of: (transport: Compared) => string | undefined;
}

function Row({ name, decided, of }: RowProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {COMPARED.map((transport) => (
        <td key={transport} class={transport === decided ? 'decided' : undefined}>
          {of(transport)}
        </td>
      ))}
    </tr>
  );
}

function toldOf(measured: Measured | undefined, tell: (measured: Measured) => string): string {
  if (!measured) return '–';
  return measured.state.kind === 'blocked' ? `blocked here: ${measured.state.why}` : tell(measured);
}

const requestsOf =
  (transport: TransportName) =>
  ({ requests, empty }: Measured) =>
    TRANSPORTS[transport].asksAgain ? `${requests}, ${empty} of them for nothing` : String(requests);
