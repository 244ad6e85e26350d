import { useEffect, useReducer } from 'preact/hooks';
import { nameOf } from './sentences.ts';
import { Bar } from './steps-view.tsx';
import { WAIT_SECONDS } from './transports.ts';
import type { UnderWay } from './wire-store.ts';

const DRAW_MS = 100;
/** A request that is answered sooner would only flicker. */
const SHOWN_AFTER_MS = 300;

/** What the hub is holding at the moment. */
export function UnderWayLine({ underWay }: { underWay: readonly UnderWay[] }) {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const busy = underWay.length > 0;
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(draw, DRAW_MS, undefined);
    return () => clearInterval(timer);
  }, [busy]);

  const now = performance.now();
  const shown = underWay.find(({ heardAt }) => now - heardAt > SHOWN_AFTER_MS);
  const heldMs = shown ? now - shown.heardAt : 0;
  const isParked = shown?.state === 'asked';
  return (
    <p class={isParked ? 'under-way parked' : 'under-way'}>
      <span>
        {!shown
          ? 'Nothing is under way.'
          : isParked
            ? `Request ${shown.exchange} is parked: ${(heldMs / 1000).toFixed(1)} s`
            : `Exchange ${shown.exchange} stays open: ${nameOf(shown.purpose)}`}
      </span>
      <Bar share={isParked ? heldMs / 1000 / WAIT_SECONDS : 0} />
    </p>
  );
}
