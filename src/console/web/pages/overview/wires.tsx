import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { TCP_TRANSPORTS, type TcpTransport } from '../../../../protocol/transport-name.ts';
import { type Lane, settled } from '../../measure/lane.ts';
import { Publisher } from '../../measure/publisher.ts';
import { useLanes } from '../../measure/use-lanes.ts';
import { TransportLabel } from '../../parts/transport-choice.tsx';
import { useVisible } from '../../parts/use-visible.ts';
import { sentenceOf } from '../../shell/connection.ts';
import type { PageProps } from '../../shell/pages.ts';
import { delayOf, labelOf, TRANSPORTS } from '../../transports.ts';

const POLL_INTERVAL_MS = 2000;
const DRAW_MS = 100;

/** One button, and a wire for each transport: what is published is seen on each as it arrives there. */
export function Wires({ fanwire, connectBeside, onRefused }: PageProps) {
  const visible = useVisible();
  const [sentAt, setSentAt] = useState<number>();
  const [fault, setFault] = useState<string>();
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const publisher = useMemo(() => new Publisher(fanwire, (error) => setFault(sentenceOf(error))), [fanwire]);
  const lanes = useLanes({
    fanwire,
    connectBeside,
    onRefused,
    names: TCP_TRANSPORTS,
    pollIntervalMs: POLL_INTERVAL_MS,
    by: publisher.by,
    open: visible,
    metered: false,
  });
  useEffect(() => {
    if (!visible) return;
    const timer = setInterval(draw, DRAW_MS, undefined);
    return () => clearInterval(timer);
  }, [visible]);

  const wires = TCP_TRANSPORTS.map((transport) =>
    wireOf(
      transport,
      lanes.find((lane) => lane.name === transport),
      sentAt,
    ),
  );
  const ready = lanes.length === TCP_TRANSPORTS.length && settled(lanes);
  return (
    <div class="hero">
      <div class="pitch">
        <p class="sentence">Publish once. Every client gets it, over whatever wire its network allows.</p>
        <p class="more">
          In order, with nothing lost silently. These five are real connections of this page to this hub.
        </p>
        <button
          type="button"
          class="primary"
          disabled={!ready}
          onClick={() => {
            setFault(undefined);
            setSentAt(publisher.publish());
          }}
        >
          Publish
        </button>
        <p class={`note ${fault ? 'fault' : ''}`} role="status">
          {fault ?? summaryOf(wires)}
        </p>
      </div>
      <Fan />
      <ol class="wires">
        {wires.map((wire) => (
          <WireRow key={wire.transport} wire={wire} sentAt={sentAt} />
        ))}
      </ol>
    </div>
  );
}

/** What there is to see on a wire. */
interface Wire {
  readonly transport: TcpTransport;
  readonly state:
    | { readonly kind: 'opening' | 'ready' | 'under way' }
    | { readonly kind: 'arrived'; readonly delayMs: number }
    | { readonly kind: 'blocked'; readonly why: string };
}

function wireOf(transport: TcpTransport, lane: Lane | undefined, sentAt: number | undefined): Wire {
  if (!lane) return { transport, state: { kind: 'opening' } };
  const { state } = lane;
  if (state.kind === 'blocked') return { transport, state };
  if (state.kind !== 'ready') return { transport, state: { kind: 'opening' } };
  if (sentAt === undefined) return { transport, state: { kind: 'ready' } };
  const arrival = lane.arrivals.find((each) => each.sentAt === sentAt);
  return {
    transport,
    state: arrival ? { kind: 'arrived', delayMs: arrival.at - sentAt } : { kind: 'under way' },
  };
}

function WireRow({ wire: { transport, state }, sentAt }: { wire: Wire; sentAt: number | undefined }) {
  const moving = state.kind === 'under way' || state.kind === 'arrived';
  return (
    <li
      class="wire"
      data-state={state.kind}
      data-transport={transport}
      style={{ '--t': TRANSPORTS[transport].colour }}
    >
      <span class="label">
        <TransportLabel name={transport} />
      </span>
      <span class="track" aria-hidden="true">
        {moving && <i key={sentAt} class={state.kind === 'arrived' ? 'dot arrived' : 'dot'} />}
      </span>
      <span class="end">{wordsOf(state)}</span>
    </li>
  );
}

function wordsOf(state: Wire['state']): string {
  switch (state.kind) {
    case 'opening':
      return 'opening …';
    case 'ready':
      return 'ready';
    case 'under way':
      return 'under way …';
    case 'arrived':
      return delayOf(state.delayMs);
    case 'blocked':
      return `blocked here: ${state.why}`;
  }
}

/** Said once, when the last one has arrived. */
function summaryOf(wires: readonly Wire[]): string {
  const told = wires.filter(({ state }) => state.kind !== 'blocked');
  const arrived = told.flatMap(({ transport, state }) =>
    state.kind === 'arrived' ? `${labelOf(transport)} after ${delayOf(state.delayMs)}` : [],
  );
  return told.length > 0 && arrived.length === told.length ? `Arrived: ${arrived.join(', ')}.` : '';
}

/** From one place to all wires. */
function Fan() {
  const ends = TCP_TRANSPORTS.map((_, index) => 10 + index * 20);
  return (
    <svg class="fan" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {ends.map((y) => (
        <path key={y} d={`M0 50C50 50 50 ${y} 100 ${y}`} />
      ))}
    </svg>
  );
}
