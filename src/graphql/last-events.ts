import { sseEvent } from '../wire/sse.ts';

/** A result behind which nothing follows (GraphQL over SSE, distinct connections). */
export function lastEvents(json: string): string {
  return sseEvent({ event: 'next', data: json }) + sseEvent({ event: 'complete', data: '' });
}
