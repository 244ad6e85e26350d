import { useState } from 'preact/hooks';
import { TransportLabel } from '../../parts/transport-choice.tsx';
import type { PageProps } from '../../shell/pages.ts';
import { TRANSPORTS } from '../../transports.ts';
import { Comparison } from './comparison.tsx';
import { type Answers, type Decision, decide, QUESTIONS } from './decision.ts';
import { Endpoints } from './endpoints.tsx';

const CHANNEL = 'scores';

/** Code to start with, by the SDK. */
const SDK_START = `import { connect } from 'fanwire/client';
const fanwire = connect('/');
fanwire.subscribe('${CHANNEL}', (message) => show(message.data));`;

/** A few questions, the answer, why, and the code to start with. */
export default function Choose({ connectBeside, fanwire, onRefused }: PageProps) {
  const [answers, setAnswers] = useState<Answers>({});
  const decision = decide(answers);
  const reached = decision.kind === 'asking' ? QUESTIONS.indexOf(decision.question) : lastAsked(answers);
  return (
    <>
      <div class="tree">
        <section aria-labelledby="questions-title">
          <h2 id="questions-title">What do you need?</h2>
          {QUESTIONS.map((question, index) => (
            <fieldset key={question.name} class="question" disabled={index > reached}>
              <legend>{question.text}</legend>
              <p class="note">{question.hint}</p>
              <div class="choice">
                {[true, false].map((answer) => (
                  <label key={String(answer)}>
                    <input
                      type="radio"
                      name={question.name}
                      checked={index <= reached && answers[question.name] === answer}
                      onChange={() => setAnswers(answeredUpTo(answers, index, answer))}
                    />
                    <span>{answer ? 'Yes' : 'No'}</span>
                  </label>
                ))}
              </div>
            </fieldset>
          ))}
        </section>
        <Recommendation decision={decision} />
      </div>
      <Comparison
        decided={decision.kind === 'decided' ? decision.transport : undefined}
        fanwire={fanwire}
        connectBeside={connectBeside}
        onRefused={onRefused}
      />
      <Endpoints channel={CHANNEL} />
      <p class="onward">
        <a href="/learn/capacity">
          Can it carry a million, and what does that cost? <b>Work it out</b>
        </a>
      </p>
    </>
  );
}

function Recommendation({ decision }: { decision: Decision }) {
  if (decision.kind === 'asking') {
    return (
      <section class="answer" aria-labelledby="answer-title" aria-live="polite">
        <h2 id="answer-title">Answer</h2>
        <p class="note">Start with the simplest that meets the need, and move up when it hits its limit.</p>
      </section>
    );
  }
  const { transport, why } = decision;
  const { label, start } = TRANSPORTS[transport];
  return (
    <section class="answer" aria-labelledby="answer-title" aria-live="polite">
      <h2 id="answer-title">
        <TransportLabel name={transport} />
      </h2>
      <p>{why}</p>
      <h3>To start with, and no library</h3>
      <pre>{start(`/channels/${CHANNEL}`)}</pre>
      <h3>With the SDK, which falls back where a network blocks {label}, and resumes</h3>
      <pre>{SDK_START}</pre>
    </section>
  );
}

/** A changed answer takes back those after it. */
function answeredUpTo(answers: Answers, index: number, answer: boolean): Answers {
  const kept = QUESTIONS.slice(0, index).map(({ name }) => [name, answers[name]]);
  return Object.fromEntries([...kept, [QUESTIONS[index]!.name, answer]]);
}

function lastAsked(answers: Answers): number {
  return QUESTIONS.findLastIndex(({ name }) => answers[name] !== undefined);
}
