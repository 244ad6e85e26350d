import type { WireMessage } from '../../test/support/readers/reader.ts';
import { CHANNELS, type Channel, KEPT } from './channels.ts';
import { type Journal, type Said, saidIn } from './journal.ts';
import { judgeReader } from './judge-reader.ts';
import { epochOf } from './position-order.ts';
import { ACKNOWLEDGEMENT, Truth } from './truth.ts';
import type { World } from './worlds.ts';

/** Holds what clients saw and what the log has in the end to the invariants; what breaks one goes to the journal. */
export async function judge(journal: Journal, world: World, after: string, boundMs: number): Promise<void> {
  const truth = new Truth(journal);
  const pending = journal.publishes.filter(({ outcome }) => outcome.kind !== 'acknowledged');
  for (const { outcome, begun, channel, who, n } of journal.publishes) {
    if (outcome.kind !== 'acknowledged') continue;
    truth.add(outcome.id, channel, { who, n }, ACKNOWLEDGEMENT);
    const tookMs = outcome.calm - begun;
    if (tookMs > boundMs)
      journal.violate(1, `${who}: ${n} on ${channel} took ${Math.round(tookMs)} ms of calm`);
  }
  for (const { who, items } of journal.readers) {
    for (const item of items) if (item.kind === 'message') truth.addMessage(item.message, who);
  }
  for (const { url, port } of world.nodes) {
    for (const channel of CHANNELS) {
      const messages = await readWhole(url, channel);
      for (const message of messages) truth.addMessage(message, `the log on node ${port}`);
      judgeLog(journal, truth, channel, messages, pending, `node ${port}`);
    }
  }
  judgeOrderOfPublishers(journal, truth, world);
  for (const reader of journal.readers) judgeReader(journal, truth, world, reader, after);
}

/** 2: what was acknowledged in this life of the log is there, nothing is there twice, and nothing else. */
function judgeLog(
  journal: Journal,
  truth: Truth,
  channel: Channel,
  found: readonly WireMessage[],
  pending: readonly Said[],
  where: string,
): void {
  const acknowledged = truth.of(channel).filter(({ acknowledged }) => acknowledged);
  const epoch = epochOf(found.at(-1)?.id ?? acknowledged.at(-1)?.id ?? '');
  const owed = acknowledged.filter(({ id }) => epochOf(id) === epoch).map(({ id }) => id);
  const kept = KEPT[channel] === 0 ? [] : owed.slice(-KEPT[channel]);
  const ids = found.map(({ id }) => id);
  const missing = kept.filter((id) => !ids.includes(id));
  // A publish without an answer may be in the log all the same.
  const isPending = ({ who, n }: Said) => pending.some((publish) => publish.who === who && publish.n === n);
  const unknown = found
    .filter((message) => !kept.includes(message.id) && !isPending(saidIn(message)))
    .map(({ id }) => id);
  if (missing.length > 0) {
    journal.violate(
      2,
      `${where}: ${channel} lacks ${missing.length} acknowledged messages: ${missing.slice(0, 5)}`,
    );
  }
  if (unknown.length > 0) {
    const what = unknown.slice(0, 5).map((id) => `${id} (${truth.tell(id)})`);
    journal.violate(2, `${where}: ${channel} holds ${unknown.length} messages too many: ${what}`);
  }
}

/** 3, and of 2 that nothing was appended twice, in all that anybody has seen of the log. */
function judgeOrderOfPublishers(journal: Journal, truth: Truth, { forgetsKeys }: World): void {
  for (const channel of CHANNELS) {
    const newest = new Map<string, Said & { id: string }>();
    for (const { id, said } of truth.of(channel)) {
      // A log that forgets forgets keys, too.
      const whose = `${said.who} ${epochOf(id)}`;
      const before = newest.get(whose);
      newest.set(whose, { ...said, id });
      if (!before || before.n < said.n) continue;
      // Whether the engine was started again in between is not asked: what has been trimmed can't be told.
      if (forgetsKeys && before.n === said.n && KEPT[channel] < KEPT.a) continue;
      journal.violate(
        before.n === said.n ? 2 : 3,
        `${channel}: ${said.who} sent ${said.n} at ${id}, behind ${before.n} at ${before.id}`,
      );
    }
  }
}

/** What a node gives out of a channel's history. */
async function readWhole(url: string, channel: Channel): Promise<WireMessage[]> {
  const messages: WireMessage[] = [];
  for (let after = 'start'; ; ) {
    const answer = await fetch(`${url}/channels/${channel}?after=${after}&limit=1000`);
    if (!answer.ok)
      throw new Error(`the log can't be read in the end: ${answer.status} ${await answer.text()}`);
    const page = (await answer.json()) as { messages: WireMessage[]; position: string; more: boolean };
    messages.push(...page.messages);
    if (!page.more) return messages;
    after = page.position;
  }
}
