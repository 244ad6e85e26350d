import { useState } from 'preact/hooks';
import type { PageProps } from '../../../shell/pages.ts';
import { labelOf } from '../../../transports.ts';
import { Claim } from '../claim.tsx';
import { Diagram } from './diagram.tsx';
import { Lanes } from './lanes.tsx';
import { type NodeName, titleOf } from './node-names.ts';
import { crashWords, outageWords } from './outage-words.ts';
import { useCluster } from './use-cluster.ts';
import { type ReaderView, useReader } from './use-reader.ts';
import { WaySteps, wayOf } from './way.tsx';

const TRANSPORTS = ['websocket', 'sse', 'long-polling'] as const;

/** Two nodes that share a log: a message crosses from one to the other, and a client goes on at one when the other ends. */
export default function Scale(props: PageProps) {
  const cluster = useCluster(props);
  const [transport, setTransport] = useState<(typeof TRANSPORTS)[number]>('websocket');
  const [publishing, setPublishing] = useState(true);
  const view = useReader(cluster.nodes, transport, publishing);
  const { reader, history, newest } = view;
  const passage = newest && cluster.passages.find(({ id }) => id === newest.id);
  const way = newest && passage && wayOf(newest, passage);
  const kill = (node: NodeName) => {
    view.pulled(node);
    cluster.command('kill', node);
  };
  const outage = outageWords(view);
  return (
    <>
      <section aria-labelledby="nodes-title">
        <h3 id="nodes-title">Two nodes, one log</h3>
        <div class="scale-body">
          <Diagram
            {...{ reader, newest }}
            nodes={cluster.nodes}
            passages={cluster.passages}
            onPublish={view.publish}
            onKill={kill}
            onStart={(node) => cluster.command('start', node)}
          />
          <div>
            <div class="scale-controls">
              <fieldset class="choice">
                <legend>This page’s client reads by</legend>
                {TRANSPORTS.map((name) => (
                  <label key={name}>
                    <input
                      type="radio"
                      name="scale-transport"
                      checked={name === transport}
                      onChange={() => setTransport(name)}
                    />
                    <span>{labelOf(name)}</span>
                  </label>
                ))}
              </fieldset>
              <label class="switch">
                <input
                  type="checkbox"
                  checked={publishing}
                  onChange={({ currentTarget: { checked } }) => setPublishing(checked)}
                />
                A message a second, each at the node where the client is not
              </label>
            </div>
            <h4>The way of the newest message</h4>
            <WaySteps way={way} />
          </div>
        </div>
        <p class="now" role="status">
          {cluster.fault ?? view.fault ?? (cluster.nodes ? outage : 'The hub starts two processes …')}
        </p>
        <Lanes history={history} now={performance.now()} />
        <p class="note counts">{countsOf(view)}</p>
        <p class="note">
          The nodes are processes that this hub started on loopback for this lesson, one pair for all
          visitors. It passes their requests on, so that this works from wherever its console does, and ends
          them when nobody looks any more. With nodes on several computers the log is Redis or NATS.
        </p>
      </section>
      <section class="claims" aria-labelledby="scale-claims">
        <h3 id="scale-claims">What the field says of it</h3>
        <Claim of={['one-server', 'backplane']}>
          {way && passage && newest?.from
            ? passage.by === newest.from
              ? `This one was published where the client is. It took the same way, through the log: ${way.acrossMs.toFixed(2)} of ${way.totalMs.toFixed(1)} ms.`
              : `It crossed from ${titleOf(passage.by)} through the log to ${titleOf(newest.from)} in ${way.acrossMs.toFixed(2)} of ${way.totalMs.toFixed(1)} ms. The log is the backplane here, and it remembers.`
            : undefined}
        </Claim>
        <Claim of={['crash']}>{crashWords(history)}</Claim>
        <Claim of={['websocket/Load balancer']}>{stickyWords(view, transport)}</Claim>
      </section>
    </>
  );
}

function countsOf({ reader }: ReaderView): string {
  if (!reader) return 'Nothing was published yet.';
  const { acknowledged, came, twice, gaps, refused } = reader.counts;
  const told = `${acknowledged} messages of this page are in the log; ${came} have come, ${twice} of them twice; ${gaps} gaps.`;
  return refused > 0 ? `${told} ${refused} were refused, because their node was gone.` : told;
}

function stickyWords({ reader }: ReaderView, transport: string): string | undefined {
  if (!reader) return undefined;
  const { a, b } = reader.counts.answered;
  if (transport === 'websocket')
    return 'The handshake went to whichever node was next, and so does the one after a cut. Choose long polling, where each request goes to another node.';
  if (a + b === 0) return undefined;
  return `Of this client’s requests A answered ${a} and B ${b}, as they came. A position is all that a node has to be told, so that any node can answer.`;
}
