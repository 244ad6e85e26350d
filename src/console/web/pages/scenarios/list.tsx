import { TransportLabel } from '../../parts/transport-choice.tsx';
import { pickFor, SCENARIOS } from './scenario-list.ts';

/** What request and response is bad at, each with the technique that the decision tree picks. */
export function List() {
  return (
    <>
      <p class="lead">
        Ten things that plain request and response is bad at. Each is a small page with its code, over the
        technique that the <a href="/choose">decision tree</a> picks, and over any other to feel the
        difference.
      </p>
      <div class="scenario-list">
        {SCENARIOS.map((scenario) => (
          <section key={scenario.name} aria-labelledby={`${scenario.name}-title`}>
            <h2 id={`${scenario.name}-title`}>
              <a href={`/scenarios/${scenario.name}`}>{scenario.title}</a>
            </h2>
            <p>{scenario.sentence}</p>
            <p class="pick">
              <TransportLabel name={pickFor(scenario)} />
              <span class="note">{scenario.because}</span>
            </p>
          </section>
        ))}
      </div>
    </>
  );
}
