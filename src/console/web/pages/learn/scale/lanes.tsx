import { type History, SPAN_MS, type Span } from './history.ts';
import { NODE_NAMES, titleOf } from './node-names.ts';

/** The last half minute: when each node was up and what was published there, where the client was and what came to it. */
export function Lanes({ history, now }: { history: History; now: number }) {
  const place = (at: number) => SPAN_MS - (now - at);
  const bars = (spans: readonly Span[]) =>
    spans.map(({ node, from, to = now }) => (
      <rect
        key={`${node} ${from}`}
        data-node={node}
        x={place(from)}
        y="4"
        width={Math.max(100, to - from)}
        height="16"
      />
    ));
  const marks = (kind: 'published' | 'came', y: number) =>
    history[kind]
      .filter(({ at }) => now - at < SPAN_MS)
      .map(({ key, node, at }) => (
        <rect
          key={`${kind} ${key}`}
          class="mark"
          data-node={node}
          x={place(at)}
          y={y}
          width="120"
          height="16"
        />
      ));
  return (
    <div class="chart scale-chart" aria-hidden="true">
      {NODE_NAMES.map((name) => (
        <div key={name} class="chart-row">
          <span>Node {titleOf(name)} up, published there</span>
          <svg class="chart-lane" viewBox={`0 0 ${SPAN_MS} 24`} preserveAspectRatio="none" aria-hidden="true">
            {bars(history.ups.filter(({ node }) => node === name))}
            {marks('published', 4).filter(({ props }) => props['data-node'] === name)}
          </svg>
        </div>
      ))}
      <div class="chart-row">
        <span>The client’s node, and what came</span>
        <svg class="chart-lane" viewBox={`0 0 ${SPAN_MS} 24`} preserveAspectRatio="none" aria-hidden="true">
          {bars(history.stays)}
          {marks('came', 4)}
        </svg>
      </div>
      <p class="axis">
        <span>30 s ago</span>
        <span>now</span>
      </p>
    </div>
  );
}
