import type { EventLine } from './dissect/event-lines.ts';

const MAX_VALUE = 600;

const MEANINGS: Readonly<Record<string, string>> = {
  data: 'What the page gets. Several data fields are joined by line breaks.',
  id: 'The position: what the browser sends as Last-Event-ID when it comes back.',
  event: 'The event’s type, for addEventListener.',
  retry: 'How many milliseconds to wait before coming back.',
};

/** The fields of an event stream, one by one. */
export function EventLines({ lines }: { lines: readonly EventLine[] }) {
  return (
    <dl class="fields">
      {lines.map((line, index) => (
        <div key={index} class="noted">
          <dt>{nameOf(line)}</dt>
          <dd>
            <code>{shownValueOf(line)}</code>
            <p class="meaning">{meaningOf(line)}</p>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function nameOf({ kind, name }: EventLine): string {
  return kind === 'field' ? name : kind === 'comment' ? 'comment' : 'blank line';
}

function shownValueOf({ kind, value }: EventLine): string {
  if (kind === 'comment' && value.trim() === '') return value === '' ? '' : `${value.length} spaces`;
  return value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value;
}

function meaningOf({ kind, name, value }: EventLine): string {
  switch (kind) {
    case 'field':
      return MEANINGS[name] ?? 'No field that browsers know: ignored.';
    case 'comment':
      return value === ''
        ? 'A line that begins with a colon is ignored. It keeps the connection from looking idle.'
        : 'A line that begins with a colon is ignored. It fills the buffers of proxies and browsers.';
    case 'dispatch':
      return 'Ends the event: now the page gets it.';
    case 'position':
      return 'Ends the event: the id counts, and whoever listens for “position” gets it.';
    case 'blank':
      return 'Ends a block without data: no event.';
  }
}
