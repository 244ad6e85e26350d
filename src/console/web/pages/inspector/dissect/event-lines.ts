/** One line of an event stream (WHATWG HTML section 9.2.6). */
export interface EventLine {
  /** `position` ends an event that only says where the stream stands. */
  readonly kind: 'field' | 'comment' | 'dispatch' | 'position' | 'blank';
  /** Of a field. */
  readonly name: string;
  /** A field's value, or a comment's text. */
  readonly value: string;
  /** UTF-16 units of the line, its line break included. */
  readonly text: string;
}

/** Reads the lines of an event stream out of text that comes in parts cut anywhere. */
export function createEventReader(): (text: string) => EventLine[] {
  let partial = '';
  let hasData = false;
  let type = '';

  function read(text: string): EventLine {
    const line = text.replace(/\r\n$|\r$|\n$/, '');
    if (line === '') {
      const event = type === 'position' ? 'position' : 'dispatch';
      const kind = hasData ? event : 'blank';
      hasData = false;
      type = '';
      return { kind, name: '', value: '', text };
    }
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === '') return { kind: 'comment', name, value, text };
    if (name === 'data') hasData = true;
    if (name === 'event') type = value;
    return { kind: 'field', name, value, text };
  }

  return (text) => {
    partial += text;
    const lines: EventLine[] = [];
    // A carriage return at the end may be the half of a line break.
    for (let found = LINE.exec(partial); found; found = LINE.exec(partial)) {
      lines.push(read(found[0]));
      partial = partial.slice(found[0].length);
    }
    return lines;
  };
}

const LINE = /^[^\r\n]*(?:\r\n|\n|\r(?!$))/;
