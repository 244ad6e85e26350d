import { useMemo, useState } from 'preact/hooks';
import type { PageProps } from '../../shell/pages.ts';
import { ChannelPage } from './channel-page.tsx';
import { Channels } from './channels.tsx';
import { ClientPage } from './client-page.tsx';
import { Clients } from './clients.tsx';
import { Computer } from './computer.tsx';
import { Nodes } from './nodes.tsx';
import { samplesOf, together } from './samples.ts';
import { Traffic } from './traffic.tsx';
import { useCommands } from './use-commands.ts';
import { type NodeHistory, useNodes } from './use-nodes.ts';

/** What this hub is doing, and what an operator can do about it: all of it, one channel, or one client. */
export default function Operate({ fanwire, status, path, onRefused }: PageProps) {
  const { nodes, now } = useNodes(fanwire, status, onRefused);
  const { send, fault } = useCommands(fanwire, onRefused);
  const [chosen, setChosen] = useState<string>();
  // Undefined once the chosen node is gone.
  const node = nodes.find(({ name }) => name === chosen);
  const shown = node ? [node] : nodes;
  // A silent node is left out, because its last answer is out of date.
  const names = shown.filter(({ silentMs }) => silentMs === undefined).map(({ name }) => name);
  const asked = { fanwire, nodes: names, node: node?.name, onRefused };
  const samples = useMemo(() => together(shown.map(({ reports }) => samplesOf(reports))), [nodes, node]);

  const [, , kind, name] = path.split('/');
  if (kind === 'channels' && name) return <ChannelPage key={name} name={name} asked={asked} />;
  if (kind === 'clients' && name) {
    return <ClientPage key={name} name={decodeURIComponent(name)} asked={asked} now={now} send={send} />;
  }
  return (
    <>
      <Nodes nodes={nodes} now={now} send={send} fault={fault} />
      {nodes.length > 1 && <NodeChoice nodes={nodes} chosen={node?.name} onChoose={setChosen} />}
      <Traffic samples={samples} until={now} bounds={nodes[0]?.last.stats.latency.bounds ?? []} />
      <Computer fanwire={fanwire} now={now} />
      <Clients asked={asked} now={now} send={send} />
      <Channels asked={asked} />
    </>
  );
}

interface NodeChoiceProps {
  readonly nodes: readonly NodeHistory[];
  readonly chosen: string | undefined;
  readonly onChoose: (name: string | undefined) => void;
}

/** Chooses whether the sections below show all nodes together or one. */
function NodeChoice({ nodes, chosen, onChoose }: NodeChoiceProps) {
  return (
    <fieldset class="choice of-node">
      <legend class="unseen">Show</legend>
      {[undefined, ...nodes.map(({ name }) => name)].map((name) => (
        <label key={name}>
          <input type="radio" name="node" checked={name === chosen} onChange={() => onChoose(name)} />
          <span>{name ?? 'All nodes'}</span>
        </label>
      ))}
    </fieldset>
  );
}
