/** A field's value may hold no line break of its own: each line becomes a field (WHATWG HTML 9.2.6). */
const LINE_BREAK = /\r\n|\r|\n/;

export interface ServerSentEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

/** One event as `text/event-stream` writes it. */
export function sseEvent({ id, event, data }: ServerSentEvent): string {
  const head = `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}`;
  const body = LINE_BREAK.test(data) ? data.split(LINE_BREAK).join('\ndata: ') : data;
  return `${head}data: ${body}\n\n`;
}

/** Sets the last event id without an event: with no data nothing is dispatched (WHATWG HTML 9.2.6). */
export function sseId(id: string): string {
  return `id: ${id}\n\n`;
}

export function sseComment(text: string): string {
  return `: ${text}\n`;
}

/** Opens a stream: proxies and browsers hold back the first one or two kilobytes of a response. */
export const SSE_PADDING = sseComment(' '.repeat(2048));

/** How long an EventSource waits before it reconnects, in milliseconds. */
export function sseRetry(ms: number): string {
  return `retry: ${ms}\n`;
}
