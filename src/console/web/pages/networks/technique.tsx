import { TCP_TRANSPORTS } from '../../../../protocol/transport-name.ts';
import { TransportLabel } from '../../parts/transport-choice.tsx';
import { TRANSPORTS } from '../../transports.ts';

function transportOf(technique: string) {
  return TCP_TRANSPORTS.find((name) => name === technique);
}

/** A transport's own colour; the SDK, which uses all of them, has the colour of text. */
export function colourOf(technique: string): string {
  const name = transportOf(technique);
  return name ? TRANSPORTS[name].colour : 'var(--ink)';
}

export function TechniqueLabel({ name }: { name: string }) {
  const transport = transportOf(name);
  return transport ? <TransportLabel name={transport} /> : <b class="transport">fanwire’s client</b>;
}
