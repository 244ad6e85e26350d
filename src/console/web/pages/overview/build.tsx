import { useState } from 'preact/hooks';
import { copyText } from '../../parts/copy-text.ts';
import { hubUrl } from '../../shell/connection.ts';
import { STACKS } from './stacks.ts';

/** A few lines to begin with, for the stack that one has, with this hub's address in them. */
export function Build() {
  const [name, setName] = useState(STACKS[0]!.name);
  const [note, setNote] = useState('');
  const stack = STACKS.find((each) => each.name === name)!;
  const code = stack.code(hubUrl());
  return (
    <section class="build" aria-labelledby="build-title">
      <h2 id="build-title">Build</h2>
      <fieldset class="choice">
        <legend class="unseen">Your stack</legend>
        {STACKS.map((each) => (
          <label key={each.name}>
            <input
              type="radio"
              name="stack"
              checked={each.name === name}
              onChange={() => {
                setName(each.name);
                setNote('');
              }}
            />
            <span>{each.name}</span>
          </label>
        ))}
      </fieldset>
      <p class="note">{stack.does}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
      <pre tabIndex={0}>{code}</pre>
      <div class="actions">
        <p class="note" role="status">
          {note}
        </p>
        <button type="button" class="plain" onClick={() => copyText(code).then(setNote)}>
          Copy
        </button>
      </div>
    </section>
  );
}
