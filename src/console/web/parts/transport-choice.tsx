import type { TransportName } from '../../../protocol/transport-name.ts';
import { TCP_TRANSPORTS, type TcpTransport } from '../../../protocol/transport-name.ts';
import { labelOf, TRANSPORTS } from '../transports.ts';

/** The transport's name, with as many bars as it has transports below it. */
export function TransportLabel({ name }: { name: TransportName | undefined }) {
  const bars = name === undefined ? 0 : TCP_TRANSPORTS.length - TCP_TRANSPORTS.indexOf(name as TcpTransport);
  return (
    <span class="transport" style={name && { '--t': TRANSPORTS[name].colour }}>
      <svg viewBox="0 0 19 12" aria-hidden="true">
        {TCP_TRANSPORTS.map((each, index) => (
          <rect
            key={each}
            class={index < bars ? 'lit' : undefined}
            x={index * 4}
            y={8 - index * 2}
            width="3"
            height={4 + index * 2}
            rx="1"
          />
        ))}
      </svg>
      {name === undefined ? 'None yet' : labelOf(name)}
    </span>
  );
}

interface ChoiceProps {
  readonly chosen: TransportName | undefined;
  readonly onChoose: (transport: TransportName | undefined) => void;
}

/** Forces the transport of this tab. */
export function TransportChoice({ chosen, onChoose }: ChoiceProps) {
  return (
    <fieldset class="choice">
      <legend>Transport of this tab</legend>
      {[undefined, ...TCP_TRANSPORTS].map((name) => (
        <label key={name}>
          <input type="radio" name="transport" checked={name === chosen} onChange={() => onChoose(name)} />
          <span>{name === undefined ? 'Automatic' : labelOf(name)}</span>
        </label>
      ))}
    </fieldset>
  );
}
