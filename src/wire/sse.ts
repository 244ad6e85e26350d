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

/**
 * Sets the last event id, by an event of a type of its own that nobody need listen to. A block without data would do
 * by WHATWG HTML 9.2.6, but Firefox and WebKit take no id from one.
 */
export function ssePosition(id: string): string {
  return sseEvent({ id, event: 'position', data: '{}' });
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
