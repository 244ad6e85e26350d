import type { Step } from '../../inspector/dissect/steps.ts';
import { titleOf } from '../../inspector/sentences.ts';
import { Parts } from '../../inspector/step-card.tsx';
import { Claim } from '../claim.tsx';
import { ACTS, type Act, type Stop } from './stop.ts';

interface StopCardProps {
  readonly stop: Stop;
  readonly nth: number;
  readonly count: number;
  readonly steps: readonly Step[];
  /** What the visitor picked in the diagram, in place of what the stop is about. */
  readonly picked: Step | undefined;
  readonly onAct: (act: Act) => void;
  /** Undefined where nothing is before it, or after it. */
  readonly onPrevious: (() => void) | undefined;
  readonly onNext: (() => void) | undefined;
}

/** A stop of the tour: what, why, on the wire. */
export function StopCard({ stop, nth, count, steps, picked, onAct, onPrevious, onNext }: StopCardProps) {
  const { title, what, why, act, of = [], reading } = stop;
  const found = stop.find(steps);
  const shown = picked ?? found;
  return (
    <article class="stop" aria-labelledby="stop-title">
      <div class="told">
        <p class="note">
          Step {nth + 1} of {count}
        </p>
        <h3 id="stop-title">{title}</h3>
        <dl class="what-why">
          <dt>What</dt>
          <dd>{what}</dd>
          <dt>Why</dt>
          <dd>{why}</dd>
        </dl>
        {reading && <Claim of={of}>{found && reading(found, steps)}</Claim>}
      </div>
      <div class="actions">
        <button type="button" class="plain" disabled={!onPrevious} onClick={onPrevious}>
          Back
        </button>
        {act && (
          <button type="button" class={found ? 'plain' : undefined} onClick={() => onAct(act)}>
            {ACTS[act]}
          </button>
        )}
        <button type="button" class={act && !found ? 'plain' : undefined} disabled={!onNext} onClick={onNext}>
          Next
        </button>
      </div>
      <h4>
        On the wire <small>{shown && (picked || !stop.silent) && nameOf(shown)}</small>
      </h4>
      <div class="inspector bytes-of">
        {stop.silent && !picked ? (
          <p class="note">Nothing: not a byte, in neither direction.</p>
        ) : shown ? (
          <Parts key={shown.key} step={shown} />
        ) : (
          <p class="note">{act ? 'Nothing yet: press the button.' : 'It has not come yet …'}</p>
        )}
      </div>
    </article>
  );
}

function nameOf(step: Step): string {
  const { name, gist } = titleOf(step);
  return `${step.from === 'client' ? 'browser to hub' : 'hub to browser'}: ${name} ${gist.slice(0, 40)}`;
}
