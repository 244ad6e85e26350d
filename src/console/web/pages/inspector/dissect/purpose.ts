import { fieldOf, type Head } from './head.ts';
import type { Purpose } from './steps.ts';

/** What a request to a channel is for, as its own head says it: PROTOCOL.md section 1.3. */
export function purposeOf(head: Head): Purpose {
  if (head.start.startsWith('POST ')) return 'publish';
  if (fieldOf(head, 'upgrade')?.toLowerCase() === 'websocket') return 'websocket';
  const accept = fieldOf(head, 'accept') ?? '';
  if (accept.includes('text/event-stream')) return 'sse';
  if (accept.includes('application/x-ndjson')) return 'http-streaming';
  const waits = /\bwait=/.test(fieldOf(head, 'prefer') ?? '') || /[?&]wait=/.test(head.start);
  return waits ? 'long-polling' : 'polling';
}
