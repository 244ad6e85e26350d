import { useMemo, useState } from 'preact/hooks';
import {
  type ChannelsReport,
  type ConnectionsReport,
  channelsChannel,
  connectionsChannel,
} from '../../../operate/reports.ts';
import type { PageProps } from '../../shell/pages.ts';
import { Channels } from './channels.tsx';
import { Clients } from './clients.tsx';
import { Nodes } from './nodes.tsx';
import { samplesOf, together } from './samples.ts';
import { Traffic } from './traffic.tsx';
import { useCommands } from './use-commands.ts';
import { type NodeHistory, useNodes } from './use-nodes.ts';
import { useSnapshots } from './use-snapshots.ts';

/** What this hub is doing, and what an operator can do about it. */
export default function Operate({ fanwire, status, onRefused }: PageProps) {
  const { nodes, now } = useNodes(fanwire, status, onRefused);
  const { send, fault } = useCommands(fanwire, onRefused);
  const [chosen, setChosen] = useState<string>();
  // Undefined once the chosen node is gone.
  const node = nodes.find(({ name }) => name === chosen);
  const shown = node ? [node] : nodes;
  // A silent node is left out, because its last snapshot is out of date.
  const names = shown.filter(({ silentMs }) => silentMs === undefined).map(({ name }) => name);
  const connections = useSnapshots<ConnectionsReport>(fanwire, names, connectionsChannel);
  const channels = useSnapshots<ChannelsReport>(fanwire, names, channelsChannel);
  const samples = useMemo(() => together(shown.map(({ reports }) => samplesOf(reports))), [nodes, node]);

  return (
    <>
      <Nodes nodes={nodes} now={now} send={send} fault={fault} />
      {nodes.length > 1 && <NodeChoice nodes={nodes} chosen={node?.name} onChoose={setChosen} />}
      <Traffic samples={samples} until={now} bounds={nodes[0]?.last.stats.latency.bounds ?? []} />
      <Clients reports={connections} now={now} send={send} />
      <Channels reports={channels} />
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
