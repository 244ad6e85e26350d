import { TRANSPORT_NAMES } from '../../../../protocol/transport-name.ts';
import { TransportLabel } from '../../parts/transport-choice.tsx';
import { TRANSPORTS } from '../../transports.ts';

/** The lab's row of the SDK. */
const SDK = 'fanwire';

function transportOf(technique: string) {
  return TRANSPORT_NAMES.find((name) => name === technique);
}

/** A transport's own colour; the SDK, which uses all of them, has the colour of text. */
export function colourOf(technique: string): string {
  const name = transportOf(technique);
  return name ? TRANSPORTS[name].colour : 'var(--ink)';
}

export function TechniqueLabel({ name }: { name: string }) {
  const transport = transportOf(name);
  if (transport) return <TransportLabel name={transport} />;
  return <b class="transport">{name === SDK ? 'fanwire’s client' : name}</b>;
}
