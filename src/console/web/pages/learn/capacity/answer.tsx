import { FIGURES } from '../../../../../capacity/figures.ts';
import type { Capacity } from '../../../../../capacity/model.ts';
import type { Plan } from './plan.ts';
import { about, bitsOf, counted, LOG_LABELS, WHY } from './words.ts';

interface AnswerProps {
  readonly plan: Plan;
  readonly capacity: Capacity;
}

/** The answer in a sentence, then its figures. */
export function Answer({ plan, capacity }: AnswerProps) {
  const { nodes, bound, logServers, publishesPerSecond, deliveriesPerSecond, bitsPerSecond, price } =
    capacity;
  const log = LOG_LABELS[plan.log];
  const rate = FIGURES.logRate[plan.log];
  return (
    <section class="carried" aria-labelledby="carried-title" aria-live="polite">
      <h3 id="carried-title">{plan.users.toLocaleString('en')} users need</h3>
      <p class="answer-words">
        <b>{counted(nodes, 'machine')}</b> of {counted(plan.cores, 'core')}, {WHY[bound]}.{' '}
        <span>
          {logServers > 1 ? (
            <>
              <b>{about(logServers)}</b> hubs apart, as one {log} is too slow.
            </>
          ) : (
            <>
              {log} at <b>{about((publishesPerSecond / rate) * 100)} %</b> of what one took.
            </>
          )}
        </span>{' '}
        <span>
          <b>{bitsOf(bitsPerSecond)}</b> to the internet.
        </span>{' '}
        <span>
          <b>{about(price.nodes + price.log + price.traffic)}</b> a month, at your prices.
        </span>
      </p>
      <p class="note">
        {about(publishesPerSecond)} messages a second are published, and {about(deliveriesPerSecond)} are
        delivered. Worked out from what was read on one machine ({FIGURES.read}): a model, see below how far
        it can be trusted.
      </p>
      {logServers > 1 && (
        <p class="note fault">
          One {log} took {about(rate)} messages a second, and all nodes of a hub share one: this load asks for{' '}
          {logServers} hubs apart, each with channels of its own, or for fewer messages.
        </p>
      )}
    </section>
  );
}
