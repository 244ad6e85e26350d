import { useState } from 'preact/hooks';
import type { DrainView } from '../../../../fanwire-hub.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { total } from './samples.ts';
import type { SendCommand } from './use-commands.ts';
import type { NodeHistory } from './use-nodes.ts';
import { counted, duration, metric } from './words.ts';

/** Seconds over which a drain may be spread. */
const WINDOWS = [1, 5, 30, 120];

interface NodesProps {
  readonly nodes: readonly NodeHistory[];
  /** Unix milliseconds. */
  readonly now: number;
  readonly send: SendCommand;
  readonly fault: string | undefined;
}

/** The processes of this hub, and what an operator can ask of each. */
export function Nodes({ nodes, now, send, fault }: NodesProps) {
  const [draining, setDraining] = useState<NodeHistory>();
  return (
    <section aria-labelledby="nodes-title">
      <h2 id="nodes-title">
        Nodes <small>one a process; they share a log</small>
      </h2>
      <ul class="nodes">
        {nodes.map((node) => (
          <NodeRow key={node.name} node={node} now={now} onDrain={() => setDraining(node)} send={send} />
        ))}
        {nodes.length === 0 && <li class="empty">None has been heard of yet.</li>}
      </ul>
      <p class="note fault" role="status">
        {fault}
      </p>
      {draining && <DrainDialog node={draining} send={send} onClose={() => setDraining(undefined)} />}
    </section>
  );
}

interface NodeRowProps extends Pick<NodesProps, 'now' | 'send'> {
  readonly node: NodeHistory;
  readonly onDrain: () => void;
}

function NodeRow({ node: { name, last, silentMs }, now, onDrain, send }: NodeRowProps) {
  const { host, pid, since, load, memoryBytes, stats } = last;
  const memory = metric(memoryBytes, 1024);
  const silent = silentMs !== undefined;
  return (
    <li class={silent ? 'silent' : undefined}>
      <p class="name">
        <code>{name}</code>
        <small>
          {host}, process {pid}
        </small>
      </p>
      <p class="facts">
        <span>{counted(total(stats.connections), 'connection')}</span>
        <span>{Math.round(load * 100)} % of a processor</span>
        <span>
          {memory.figure} {memory.prefix}iB
        </span>
        <span>up {duration(now - since)}</span>
      </p>
      <DrainState drain={stats.drain} silentMs={silentMs} />
      {stats.drain.state === 'serving' ? (
        <button type="button" class="plain" disabled={silent} onClick={onDrain}>
          Drain …<span class="unseen"> node {name}</span>
        </button>
      ) : (
        <button
          type="button"
          class="plain"
          disabled={silent}
          onClick={() => void send({ kind: 'resume', node: name })}
        >
          Resume<span class="unseen"> node {name}</span>
        </button>
      )}
    </li>
  );
}

function DrainState({ drain, silentMs }: { drain: DrainView; silentMs: number | undefined }) {
  if (silentMs !== undefined) return <p class="state waiting">Silent for {duration(silentMs)}</p>;
  if (drain.state === 'serving') return <p class="state">Serving</p>;
  const { asked, left } = drain;
  return (
    <p class="state waiting">
      {left > 0 ? `Draining: ${left.toLocaleString('en')} of ${asked.toLocaleString('en')} to go` : 'Drained'}
      <progress
        max={Math.max(1, asked)}
        value={asked > 0 ? asked - left : 1}
        aria-label="Clients that have left"
      />
    </p>
  );
}

interface DrainDialogProps {
  readonly node: NodeHistory;
  readonly send: SendCommand;
  readonly onClose: () => void;
}

function DrainDialog({ node: { name, last }, send, onClose }: DrainDialogProps) {
  const [seconds, setSeconds] = useState(WINDOWS[1]!);
  return (
    <Confirm
      title={`Drain ${name}`}
      action="Drain"
      onConfirm={() => void send({ kind: 'drain', node: name, withinMs: seconds * 1000 })}
      onClose={onClose}
    >
      <p>
        Its {counted(total(last.stats.connections), 'client')} move within the time below and resume where
        they are. Until you resume it <code>/healthz</code> answers 503, so that a load balancer sends nobody
        here; whoever comes all the same is served.
      </p>
      <fieldset class="choice">
        <legend>Spread over</legend>
        {WINDOWS.map((each) => (
          <label key={each}>
            <input type="radio" name="window" checked={each === seconds} onChange={() => setSeconds(each)} />
            <span>{duration(each * 1000)}</span>
          </label>
        ))}
      </fieldset>
    </Confirm>
  );
}
