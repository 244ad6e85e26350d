import { useEffect, useRef, useState } from 'preact/hooks';
import type { Step } from './dissect/steps.ts';
import { bytesOf, secondsOf } from './figures.ts';
import { titleOf } from './sentences.ts';
import { StepCard } from './step-card.tsx';
import { PARKED_MS, WAIT_SECONDS } from './transports.ts';
import { UnderWayLine } from './under-way.tsx';
import type { WireSnapshot } from './wire-store.ts';

interface StepsProps {
  readonly snapshot: WireSnapshot;
  /** How many steps have come since the view stands still; undefined while it moves. */
  readonly pausedBy: number | undefined;
  readonly onPause: (paused: boolean) => void;
  readonly onClear: () => void;
}

/** Everything that crossed the wire in its order, and one step of it taken apart. */
export function Steps({ snapshot, pausedBy, onPause, onClear }: StepsProps) {
  const { steps, underWay } = snapshot;
  // Undefined follows the newest.
  const [chosen, setChosen] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const found = steps.findIndex(({ key }) => key === chosen);
  const at = found === -1 ? steps.length - 1 : found;
  const step = steps[at];
  const follows = found === -1;

  const choose = (index: number) => {
    const wanted = Math.min(Math.max(index, 0), steps.length - 1);
    setChosen(wanted === steps.length - 1 ? undefined : steps[wanted]?.key);
  };

  useEffect(() => {
    const row = list.current?.children[at] as HTMLElement | undefined;
    if (!row || !list.current) return;
    const { scrollTop, clientHeight } = list.current;
    if (row.offsetTop < scrollTop) list.current.scrollTop = row.offsetTop;
    const below = row.offsetTop + row.offsetHeight - clientHeight;
    if (below > scrollTop || follows) list.current.scrollTop = below;
  }, [at, follows]);

  const onKeyDown = (event: KeyboardEvent) => {
    const wanted = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      PageUp: at - 10,
      PageDown: at + 10,
      Home: 0,
      End: steps.length - 1,
    }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    choose(wanted);
  };

  return (
    <section class="wire" aria-labelledby="wire-title">
      <div class="title">
        <h2 id="wire-title">Steps</h2>
        <p class="note" role="status">
          {pausedBy === undefined ? '' : `Paused; recording goes on: ${pausedBy} more.`}
        </p>
        <button type="button" class="second" onClick={() => onPause(pausedBy === undefined)}>
          {pausedBy === undefined ? 'Pause' : 'Resume'}
        </button>
        <button type="button" class="second" onClick={onClear}>
          Clear
        </button>
      </div>
      <div class="columns">
        <div>
          {steps.length === 0 ? (
            <div class="steps">
              <p class="empty">Nothing has crossed the wire yet.</p>
            </div>
          ) : (
            <div
              class="steps"
              role="listbox"
              aria-labelledby="wire-title"
              aria-activedescendant={step && `step-${step.key}`}
              tabIndex={0}
              ref={list}
              onKeyDown={onKeyDown}
            >
              {steps.map((each, index) => (
                <Row
                  key={each.key}
                  step={each}
                  startedAt={steps[0]!.at}
                  isSelected={index === at}
                  onSelect={() => setChosen(each.key)}
                />
              ))}
            </div>
          )}
          <UnderWayLine underWay={underWay} />
        </div>
        {step ? (
          <StepCard
            step={step}
            position={`${at + 1} of ${steps.length}`}
            onPrevious={at > 0 ? () => choose(at - 1) : undefined}
            onNext={at < steps.length - 1 ? () => choose(at + 1) : undefined}
          />
        ) : (
          <p class="card empty">Each step is taken apart here: heads, chunks, events, frames.</p>
        )}
      </div>
    </section>
  );
}

interface RowProps {
  readonly step: Step;
  readonly startedAt: number;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function Row({ step, startedAt, isSelected, onSelect }: RowProps) {
  const { detail, from } = step;
  const { name, gist } = titleOf(step);
  const parkedMs = detail.kind === 'answer' && detail.parkedMs > PARKED_MS ? detail.parkedMs : undefined;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself has the keys
    <div
      id={`step-${step.key}`}
      class={from}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      data-kind={detail.kind}
      onClick={onSelect}
    >
      <span class="time">{secondsOf(step.at - startedAt)}</span>
      <span class="arrow">
        <span class="unseen">{from === 'client' ? 'from the browser: ' : 'from the hub: '}</span>
        <span aria-hidden="true">{from === 'client' ? '→' : '←'}</span>
      </span>
      <span class="what">
        <b>{name}</b> {gist}
      </span>
      <span class="size">{step.length > 0 && bytesOf(step.length)}</span>
      <span class="number" title="Which exchange it belongs to">
        {step.exchange}
      </span>
      {parkedMs !== undefined && (
        <span class="parked">
          <Bar share={parkedMs / 1000 / WAIT_SECONDS} />
          parked {secondsOf(parkedMs)} s
        </span>
      )}
    </div>
  );
}

/** @param share 0 to 1 */
export function Bar({ share }: { share: number }) {
  return (
    <span class="bar" aria-hidden="true">
      <span style={{ inlineSize: `${Math.min(share, 1) * 100}%` }} />
    </span>
  );
}
