import { useEffect, useState } from 'preact/hooks';
import { delayOf } from '../../transports.ts';
import type { ObservedClient } from './observed-client.ts';

/** Often enough to be live, and slowly enough to be read. */
const REFRESH_MS = 500;

/** What the transport costs and gives, as the scenario runs. */
export function Figures({ observed }: { observed: ObservedClient | undefined }) {
  const [, refresh] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => refresh((count) => count + 1), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const delay = medianOf(observed?.delays ?? []);
  return (
    <dl class="figures">
      <div>
        <dt>From publish to receipt</dt>
        <dd>
          {delay ?? '–'} <small>ms</small>
        </dd>
      </div>
      <div>
        <dt>Messages</dt>
        <dd>{observed?.messages.toLocaleString('en') ?? '–'}</dd>
      </div>
      <div>
        <dt>Never seen</dt>
        <dd>{missed(observed)}</dd>
      </div>
      <div>
        <dt>Requests</dt>
        <dd>{observed?.requests.toLocaleString('en') ?? '–'}</dd>
      </div>
    </dl>
  );
}

/** A short delay says nothing of what a client that asks seldom is never given. */
function missed(observed: ObservedClient | undefined): string {
  if (!observed) return '–';
  if (observed.gaps === 0) return 'none';
  const age = medianOf(observed.ages);
  const gaps = `${observed.gaps.toLocaleString('en')} ${observed.gaps === 1 ? 'gap' : 'gaps'}`;
  return age === undefined ? gaps : `${gaps}, shown until ${delayOf(age)} old`;
}

function medianOf(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
