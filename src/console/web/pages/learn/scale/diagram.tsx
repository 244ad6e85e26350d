import { useEffect, useRef } from 'preact/hooks';
import type { NodeState } from '../../../../../lab/cluster/cluster.ts';
import type { Passage } from '../../../../../lab/cluster/passages.ts';
import { labelOf } from '../../../transports.ts';
import { NODE_NAMES, type NodeName, titleOf } from './node-names.ts';
import type { Came, Reader } from './reader.ts';
import type { Nodes } from './use-cluster.ts';

const SHOWN_POSITIONS = 8;
/** A way of a few milliseconds is drawn in so many. */
const DRAWN_MS = 1400;

interface DiagramProps {
  readonly nodes: Nodes | undefined;
  readonly reader: Reader | undefined;
  readonly passages: readonly Passage<NodeName>[];
  readonly newest: Came | undefined;
  onPublish(node: NodeName): void;
  onKill(node: NodeName): void;
  onStart(node: NodeName): void;
}

/** The processes as they are: this page, the load balancer, the nodes and the log, and the lines between them that are open. */
export function Diagram({ nodes, reader, passages, newest, onPublish, onKill, onStart }: DiagramProps) {
  const figure = useRef<HTMLElement>(null);
  useTravellingDot(figure, passages.at(-1), reader?.node);
  const at = reader?.node;
  const isUp = (name: NodeName) => nodes?.nodes[name].state === 'up';
  return (
    <figure class="cluster" ref={figure}>
      <figcaption class="unseen">Two nodes and a log, as they run now</figcaption>
      <div class="place" data-place="page">
        <b>This page</b>
        <span>
          {at && reader?.status.state === 'connected'
            ? `reads by ${labelOf(reader.status.transport)}, served by node ${titleOf(at)}`
            : 'is at no node'}
        </span>
      </div>
      <Lines lines={[{ from: 50, to: 50, live: at !== undefined, node: at }]} />
      <div class="place" data-place="balancer">
        <b>Load balancer</b>
        <span>each request to the next node that is up, no stickiness</span>
      </div>
      <Lines
        lines={NODE_NAMES.map((name, index) => ({
          from: 50,
          to: index === 0 ? 25 : 75,
          live: at === name,
          node: name,
        }))}
      />
      <div class="pair">
        {NODE_NAMES.map((name) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
          <div key={name} class="place" data-place={name} role="group" aria-label={`Node ${titleOf(name)}`}>
            <b>Node {titleOf(name)}</b>
            <NodeWords state={nodes?.nodes[name]} />
            <p class="node-buttons">
              <button type="button" disabled={!isUp(name)} onClick={() => onPublish(name)}>
                POST to {titleOf(name)}
              </button>
              {nodes?.nodes[name].state === 'down' ? (
                <button type="button" class="plain" onClick={() => onStart(name)}>
                  Start it again
                </button>
              ) : (
                <button type="button" class="plain" disabled={!isUp(name)} onClick={() => onKill(name)}>
                  Pull its plug
                </button>
              )}
            </p>
          </div>
        ))}
      </div>
      <Lines
        lines={NODE_NAMES.map((name, index) => ({
          from: index === 0 ? 25 : 75,
          to: 50,
          live: isUp(name),
          node: name,
        }))}
      />
      <div class="place" data-place="log">
        <b>The log</b>
        <span>{nodes ? `in memory, in process ${nodes.pid}` : 'not yet'}</span>
        <ol class="positions" aria-label="Its newest positions, and the node that each was published at">
          {passages.slice(-SHOWN_POSITIONS).map(({ id, by }) => (
            <li key={id} data-node={by} aria-current={id === newest?.id ? 'true' : undefined}>
              {id.slice(id.indexOf('.') + 1)}
              <span class="unseen"> at {titleOf(by)}</span>
            </li>
          ))}
        </ol>
      </div>
    </figure>
  );
}

function NodeWords({ state }: { state: NodeState | undefined }) {
  switch (state?.state) {
    case 'up':
      return (
        <span>
          process {state.pid}, port {state.port}
          <br />
          {state.readers === 1 ? '1 connection' : `${state.readers} connections`}
        </span>
      );
    case 'down':
      return (
        <span class="fault">
          down
          <br />
          killed without a word
        </span>
      );
    default:
      return (
        <span>
          starting …
          <br />a process of its own
        </span>
      );
  }
}

interface Line {
  /** Percent of the width. */
  readonly from: number;
  readonly to: number;
  readonly live: boolean;
  readonly node: NodeName | undefined;
}

function Lines({ lines }: { lines: readonly Line[] }) {
  return (
    <svg class="links" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
      {lines.map(({ from, to, live, node }) => (
        <path
          key={`${from} ${to}`}
          d={`M${from} 0C${from} 12 ${to} 8 ${to} 20`}
          data-live={live}
          data-node={node}
        />
      ))}
    </svg>
  );
}

/** Draws the way of each new message, slowed down. A visitor who wants no motion sees the list of its steps. */
function useTravellingDot(
  figure: { readonly current: HTMLElement | null },
  passage: Passage<NodeName> | undefined,
  reader: NodeName | undefined,
): void {
  useEffect(() => {
    const frame = figure.current;
    if (!frame || !passage || document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches)
      return;
    const way = ['page', 'balancer', passage.by, 'log', ...(reader ? [reader, 'balancer', 'page'] : [])];
    const { left, top } = frame.getBoundingClientRect();
    const points = way.map((place) => {
      const box = frame.querySelector(`[data-place=${place}]`)!.getBoundingClientRect();
      return { x: box.left - left + box.width / 2, y: box.top - top + box.height / 2 };
    });
    const dot = document.createElement('span');
    dot.className = 'travelling';
    dot.dataset.node = passage.by;
    frame.append(dot);
    const steps = points.map(({ x, y }) => ({ transform: `translate(${x}px, ${y}px)` }));
    dot.animate(steps, { duration: DRAWN_MS, easing: 'linear' }).onfinish = () => dot.remove();
  }, [passage?.id]);
}
