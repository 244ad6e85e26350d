import { useEffect, useReducer } from 'preact/hooks';
import { bytesOf } from '../../transports.ts';
import type { ObservedClient } from './observed-client.ts';

const REFRESH_MS = 250;

interface FrameProps {
  /** Whose pane it is; empty where there is but one. */
  readonly person: string;
  readonly words: string;
  readonly isConnected: boolean;
  readonly observed: ObservedClient | undefined;
  /** Both ways; undefined or none where they can't be measured, as over HTTP/2. */
  readonly bytes: () => number | undefined;
  readonly cutForMs: () => number;
  readonly onCut: () => void;
}

/** What stands around a pane: whose it is, what crossed its network, what came late or never, and a tunnel to go through. */
export function Frame({ person, words, isConnected, observed, bytes, cutForMs, onCut }: FrameProps) {
  const [, refresh] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(refresh, REFRESH_MS, undefined);
    return () => clearInterval(timer);
  }, []);
  const cutFor = Math.ceil(cutForMs() / 1000);
  const crossed = bytes();
  const state = cutFor > 0 ? `No network for ${cutFor} s` : isConnected ? 'Connected' : 'Coming back …';
  return (
    <div class="frame" data-state={cutFor > 0 ? 'cut' : isConnected ? 'connected' : 'waiting'} title={words}>
      <p class="frame-state">
        {person && <b>{person} </b>}
        {state}
      </p>
      <dl>
        <div>
          <dt>Bytes</dt>
          <dd class="crossed">{crossed ? bytesOf(crossed) : '–'}</dd>
        </div>
        <div>
          <dt>Caught up</dt>
          <dd>{observed?.caughtUp.toLocaleString('en') ?? '–'}</dd>
        </div>
        <div>
          <dt>Gaps</dt>
          <dd>{observed?.gaps.toLocaleString('en') ?? '–'}</dd>
        </div>
      </dl>
      <button type="button" class="plain" disabled={cutFor > 0} onClick={onCut}>
        Cut the network for 5 s
      </button>
    </div>
  );
}
