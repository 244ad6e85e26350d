import { ENDPOINT_NAMES } from '../../../../endpoint-name.ts';
import { INSPECTED, INSPECTED_NAMES } from '../transports.ts';
import type { Head } from './head.ts';
import type { Purpose } from './steps.ts';

/** What a request is for, as its own head says it. */
export function purposeOf(request: Head): Purpose {
  const endpoint = ENDPOINT_NAMES.find((name) => INSPECTED[name].asksFor(request));
  if (!endpoint && request.start.startsWith('POST ')) return 'publish';
  return endpoint ?? INSPECTED_NAMES.find((name) => INSPECTED[name].asksFor(request))!;
}
