import type { History } from './history.ts';
import { titleOf } from './node-names.ts';
import type { ReaderView } from './use-reader.ts';

/** How the last outage went for this page's client, as far as it has gone. */
export function outageWords({ history: { outage, published, came }, reader }: ReaderView): string {
  if (!outage) {
    const at = reader?.node;
    return at
      ? `The client is at node ${titleOf(at)}: pull the plug of ${titleOf(at)}.`
      : 'The client is on its way to a node …';
  }
  const { node, pressedAt, lostAt, position, backAt, backNode } = outage;
  const gone = `Node ${titleOf(node)} was killed.`;
  if (lostAt === undefined) return `${gone} The client was not at it, and has noticed nothing.`;
  const knew = `${gone} The client knew ${msOf(lostAt - pressedAt)} after the button was pressed`;
  if (backAt === undefined || !backNode) return `${knew}, and looks for another node …`;
  const meanwhile = published.filter(({ at }) => at >= lostAt && at <= backAt);
  const asked = `It asked for what comes after ${position ?? 'nothing'}`;
  const were = meanwhile.length === 1 ? 'message that was' : 'messages that were';
  const handed =
    meanwhile.length === 0
      ? 'Nothing had been published meanwhile'
      : `It was handed the ${meanwhile.length} ${were} published meanwhile`;
  const missing = meanwhile.filter(({ key }) => !came.some((mark) => mark.key === key)).length;
  return `${knew}, and was at node ${titleOf(backNode)} ${msOf(backAt - lostAt)} later. ${asked}. ${missing === 0 ? `${handed}: nothing is missing.` : `${missing} that were published meanwhile are to come.`}`;
}

/** The same, as an answer to the claim. */
export function crashWords({ outage }: History): string {
  if (!outage) return 'Pull the plug of the node that the client is at.';
  const { pressedAt, lostAt, backAt } = outage;
  if (lostAt === undefined) return 'The clients of the other node, and only those.';
  const dropped = `It did: this page’s client was dropped ${msOf(lostAt - pressedAt)} after the kill.`;
  return backAt === undefined
    ? dropped
    : `${dropped} It was gone for ${msOf(backAt - lostAt)}, of which most is a wait drawn at random, so that not all come at once.`;
}

function msOf(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
