import type { Head } from './dissect/head.ts';
import { noteOf } from './field-notes.ts';

/** A head: the start line, then its fields. Fields that belong to the transport have a note. */
export function HeadView({ head }: { head: Head }) {
  return (
    <>
      <p class="start-line">
        <code>{head.start}</code>
      </p>
      <dl class="fields">
        {head.fields.map(({ name, value }, index) => {
          const note = noteOf({ name, value });
          return (
            <div key={`${index}-${name}`} class={note ? 'noted' : undefined}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
                {note && <p class="meaning">{note}</p>}
              </dd>
            </div>
          );
        })}
      </dl>
    </>
  );
}
