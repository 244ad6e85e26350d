export interface StreamEvent {
  /** The last event ID in force when the event was dispatched. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/**
 * WHATWG HTML, 9.2.6 "Interpreting an event stream", for streams whose lines end in LF. As Firefox and WebKit have it, a block
 * without data sets nothing.
 *
 * @param onRetry told how long to wait before connecting again
 */
export function createEventStreamReader(
  onEvent: (event: StreamEvent) => void,
  onRetry: (delayMs: number) => void = () => {},
): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder();
  let line = '';
  let lastId = '';
  let id: string | undefined;
  let type = '';
  let data: string[] = [];

  function endLine(): void {
    if (line === '') {
      if (data.length > 0) {
        lastId = id ?? lastId;
        onEvent({ id: lastId, type: type || 'message', data: data.join('\n') });
      }
      id = undefined;
      type = '';
      data = [];
      return;
    }
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'id') id = value;
    if (name === 'event') type = value;
    if (name === 'data') data.push(value);
    if (name === 'retry' && /^\d+$/.test(value)) onRetry(Number(value));
    line = '';
  }

  return (chunk) => {
    const [first, ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    line += first;
    for (const other of others) {
      endLine();
      line = other;
    }
  };
}
