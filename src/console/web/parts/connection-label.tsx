import { TRANSPORT_NAMES } from '../../../protocol/transport-name.ts';
import { connectionFacts } from '../endpoints.ts';
import { TransportLabel } from './transport-choice.tsx';

/** What a connection is, as the hub lists it: one of the transports, or of a view of the channels that has clients of its own. */
export function ConnectionLabel({ transport }: { transport: string }) {
  const name = TRANSPORT_NAMES.find((each) => each === transport);
  return name ? (
    <TransportLabel name={name} />
  ) : (
    <span class="transport">{connectionFacts(transport).label}</span>
  );
}
