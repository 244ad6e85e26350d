import { useState } from 'preact/hooks';
import type { Finding } from '../../../../../doctor/finding.ts';
import { bestWire, exitCodeOf, judge } from '../../../../../doctor/judge.ts';
import { arrivedLines, verdictOf } from '../../../../../doctor/words.ts';
import { copyText } from '../../../parts/copy-text.ts';
import type { Examination } from './examine.ts';
import { Wires } from './wires.tsx';

/** What was read, what it means, and what to change. */
export function Result({ examination: { readings, browser } }: { examination: Examination }) {
  const diagnosis = judge(readings);
  const { findings, notes } = diagnosis;
  const exitCode = exitCodeOf(readings, diagnosis);
  const report = { exitCode, uses: bestWire(readings), ...diagnosis, readings, browser };
  const [copied, setCopied] = useState('');
  return (
    <>
      <section class="verdict-of" data-exit={exitCode} aria-label="What it comes to">
        <p class="conclusion" role="status">
          {verdictOf(readings, diagnosis)}
        </p>
        <Wires wires={Object.entries(readings.wires)} />
        <ul class="arrived">
          {browser.protocol && (
            <li>From this browser to the next hop: {browser.protocol.replace(/^h(\d)$/, 'HTTP/$1')}</li>
          )}
          {arrivedLines(readings).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <div class="actions">
          <button
            type="button"
            class="plain"
            onClick={async () => setCopied(await copyText(JSON.stringify(report, null, 2)))}
          >
            Copy as JSON
          </button>
          <p class="note" role="status">
            {copied || 'For a ticket: all that was read, and what it means. It holds no token.'}
          </p>
        </div>
      </section>
      {findings.length > 0 && (
        <section aria-labelledby="findings-title">
          <h3 id="findings-title">What your network does, and what to change</h3>
          {findings.map((finding) => (
            <FindingCard key={finding.fault} finding={finding} />
          ))}
        </section>
      )}
      {notes.length > 0 && (
        <section aria-labelledby="notes-title">
          <h3 id="notes-title">What could not be judged</h3>
          <ul class="arrived">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
      <p class="note">
        A page sees less than a program: of a WebSocket that is refused it is not told the answer, and of a
        certificate nothing. <code>npx fanwire doctor {readings.url}</code> sees more, from that computer.
      </p>
    </>
  );
}

function FindingCard({ finding: { fault, sentence, change, see } }: { finding: Finding }) {
  return (
    <article class="finding">
      <h4>
        <code>{fault}</code>
      </h4>
      <p>{sentence}</p>
      <p class="change">{change}</p>
      <p class="note">
        More in <code>{see}</code>
      </p>
    </article>
  );
}
