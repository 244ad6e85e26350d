import type { Passage } from '../../../../../lab/cluster/passages.ts';
import { type NodeName, titleOf } from './node-names.ts';
import type { Came } from './reader.ts';

interface Step {
  readonly text: string;
  readonly from: number;
  readonly ms: number;
  /** Whether the time is what is left of the whole, and not read from a clock. */
  readonly rest: boolean;
}

interface Way {
  readonly steps: readonly Step[];
  readonly totalMs: number;
  /** From the node that it was published at, through the log, to the node that the reader is at. */
  readonly acrossMs: number;
}

/** The way of a message that came; undefined where the nodes' clock has not told all of it. */
export function wayOf(came: Came, passage: Passage<NodeName>): Way | undefined {
  const handed = came.from && passage.handed[came.from];
  if (!came.from || !handed) return undefined;
  const { askedAt, appendedAt } = passage;
  // The log tells its nodes before it answers the one that asked, so that the two may be a moment apart either way.
  const toldAt = Math.max(handed.toldAt, appendedAt);
  const handedAt = Math.max(handed.handedAt, toldAt);
  const totalMs = came.at - came.postedAt;
  const acrossMs = handedAt - askedAt;
  const outside = Math.max(0, totalMs - acrossMs) / 2;
  const by = titleOf(passage.by);
  const at = titleOf(came.from);
  let from = 0;
  const step = (text: string, ms: number, rest = false): Step => {
    const made = { text, from, ms, rest };
    from += ms;
    return made;
  };
  return {
    totalMs,
    acrossMs,
    steps: [
      step(`This page → load balancer → node ${by}`, outside, true),
      step(`Node ${by} asks the log, and it is appended`, appendedAt - askedAt),
      step(`The log tells node ${at}`, toldAt - appendedAt),
      step(`Node ${at} writes to its clients`, handedAt - toldAt),
      step(`Node ${at} → load balancer → this page`, outside, true),
    ],
  };
}

export function WaySteps({ way }: { way: Way | undefined }) {
  return (
    <div class="way">
      <ol>
        {(way?.steps ?? PLACES).map(({ text, from, ms, rest }) => (
          <li key={text} data-rest={rest}>
            <span>{text}</span>
            <span class="way-ms">{way ? `${rest ? '≈ ' : ''}${ms.toFixed(2)} ms` : '–'}</span>
            <span class="way-bar" aria-hidden="true">
              {way && (
                <span
                  style={{
                    insetInlineStart: `${(from / way.totalMs) * 100}%`,
                    inlineSize: `max(2px, ${(ms / way.totalMs) * 100}%)`,
                  }}
                />
              )}
            </span>
          </li>
        ))}
      </ol>
      <p class="note">
        {way ? `${way.totalMs.toFixed(1)} ms from POST to message, by this page’s clock. ` : ''}
        The three steps in the middle are timed by the nodes’ own clock. The ways to and from the page are
        what is left, halved.
      </p>
    </div>
  );
}

const PLACES: readonly Step[] = [
  'This page → load balancer → a node',
  'The node asks the log, and it is appended',
  'The log tells the other node',
  'The other node writes to its clients',
  'The other node → load balancer → this page',
].map((text) => ({ text, from: 0, ms: 0, rest: false }));
