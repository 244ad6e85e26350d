import { useState } from 'preact/hooks';
import { copyText } from '../../parts/copy-text.ts';
import { tint } from './tint.ts';

interface CodeProps {
  readonly file: string;
  readonly source: string;
}

/** A file as it stands in the repository, to be read or copied. */
export function Code({ file, source }: CodeProps) {
  const [note, setNote] = useState('');
  return (
    <section class="code" aria-labelledby={`${file}-title`}>
      <h2 id={`${file}-title`}>
        <code>{file}</code> <small>{source.split('\n').length - 1} lines</small>
      </h2>
      <div class="actions">
        <p class="note" role="status">
          {note}
        </p>
        <button type="button" onClick={() => copyText(source).then(setNote)}>
          Copy
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
      <pre tabIndex={0}>
        {tint(source).map(({ kind, text }, index) =>
          kind === 'plain' ? (
            text
          ) : (
            <span key={index} class={kind}>
              {text}
            </span>
          ),
        )}
      </pre>
    </section>
  );
}
