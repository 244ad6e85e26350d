import { useRef, useState } from 'preact/hooks';
import type { Client } from '../../../client/index.ts';
import { sentenceOf } from '../shell/connection.ts';

interface PublishFormProps {
  readonly fanwire: Client;
  readonly channel: string;
}

type Note =
  | { readonly kind: 'none' }
  /** The client keeps the message, and sends it once it has a connection. */
  | { readonly kind: 'under way' }
  | { readonly kind: 'in the log'; readonly id: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** A message to a channel, and what has become of the last. */
export function PublishForm({ fanwire, channel }: PublishFormProps) {
  const [kind, setKind] = useState<'JSON' | 'Text'>('JSON');
  const [text, setText] = useState('{ "hello": "world" }');
  const [note, setNote] = useState<Note>({ kind: 'none' });
  const field = useRef<HTMLTextAreaElement>(null);

  const publish = async () => {
    try {
      const published = fanwire.publish(channel, kind === 'JSON' ? JSON.parse(text) : text);
      setNote({ kind: 'under way' });
      setNote({ kind: 'in the log', id: (await published).id });
    } catch (error) {
      setNote({ kind: 'refused', reason: sentenceOf(error) });
      field.current?.focus();
    }
  };

  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
    >
      <label for="data">Message</label>
      <textarea
        id="data"
        ref={field}
        rows={3}
        value={text}
        spellcheck={false}
        aria-invalid={note.kind === 'refused'}
        aria-describedby="publish-note"
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void publish();
        }}
      />
      <div class="actions">
        <fieldset class="choice">
          <legend class="unseen">The message is</legend>
          {(['JSON', 'Text'] as const).map((each) => (
            <label key={each}>
              <input type="radio" name="kind" checked={each === kind} onChange={() => setKind(each)} />
              <span>{each}</span>
            </label>
          ))}
        </fieldset>
        <p id="publish-note" class={note.kind === 'refused' ? 'note fault' : 'note'} role="status">
          {sentenceFor(note)}
        </p>
        <button type="submit">Publish</button>
      </div>
    </form>
  );
}

function sentenceFor(note: Note): string {
  switch (note.kind) {
    case 'none':
      return '';
    case 'under way':
      return 'Kept here until the hub has it …';
    case 'in the log':
      return `In the log as ${note.id}`;
    case 'refused':
      return note.reason;
  }
}
