import { TCP_TRANSPORTS } from '../../../../../protocol/transport-name.ts';
import { INSPECTED } from '../transports.ts';
import type { Head } from './head.ts';
import type { Purpose } from './steps.ts';

/** What a request to a channel is for, as its own head says it. */
export function purposeOf(request: Head): Purpose {
  if (request.start.startsWith('POST ')) return 'publish';
  return TCP_TRANSPORTS.find((name) => INSPECTED[name].asksFor(request))!;
}
