import type { Gap } from '../../src/protocol/gap.ts';
import { positionOf } from '../../test/support/readers/reader.ts';
import { type Channel, KEPT } from './channels.ts';
import type { Journal, ReaderRecord } from './journal.ts';
import { epochOf } from './position-order.ts';
import type { Entry, Truth } from './truth.ts';
import type { World } from './worlds.ts';

/** 4, 5 and 6: what a reader got and was told, beside what there was to get after the position that it began with. */
export function judgeReader(
  journal: Journal,
  truth: Truth,
  { forgets, overstates }: World,
  reader: ReaderRecord,
  after: string,
): void {
  const compare = (one: string, other: string) => journal.order.compare(one, other);
  const isIn = (id: string, { from, to }: Gap) => compare(id, from) > 0 && compare(id, to) <= 0;
  const gapsOf = (channel: Channel) =>
    reader.items.flatMap((item) => (item.kind === 'gap' && item.gap.channel === channel ? item.gap : []));
  const delivered = new Set(reader.items.flatMap((item) => (item.kind === 'message' ? item.message.id : [])));

  judgeOrder();
  for (const channel of reader.channels) {
    if (!reader.refused) judgeCompleteness(channel);
    for (const gap of gapsOf(channel)) judgeGap(channel, gap);
  }

  function judgeOrder(): void {
    const newest = new Map<string, string>();
    for (const item of reader.items) {
      if (item.kind === 'gap') continue;
      const { id, channel } = item.message;
      const line = reader.oneOrder ? 'all' : channel;
      const before = newest.get(line);
      if (before !== undefined && compare(id, before) <= 0) {
        journal.violate(
          4,
          `${reader.who} got ${id} (${truth.tell(id)}) behind ${before} (${truth.tell(before)})`,
        );
      }
      newest.set(line, id);
    }
  }

  function judgeCompleteness(channel: Channel): void {
    const owed = truth.of(channel).filter(({ id }) => compare(id, after) > 0);
    const told: Gap[] = [];
    let next = 0;
    const skip = (before: string | undefined, when: string) => {
      for (; next < owed.length && (before === undefined || compare(owed[next]!.id, before) < 0); next++) {
        const { id } = owed[next]!;
        if (delivered.has(id) || told.some((gap) => isIn(id, gap))) continue;
        journal.violate(
          5,
          `${reader.who} (${reader.channels}) was not told of ${id} (${truth.tell(id)}) ${when}`,
        );
      }
    };
    for (const item of reader.items) {
      if (item.kind === 'gap' && item.gap.channel === channel) told.push(item.gap);
      // A reader of several channels in one order resumes all of them from the message that it has.
      if (item.kind === 'message' && (reader.oneOrder || item.message.channel === channel)) {
        skip(item.message.id, `when ${positionOf(item)} came`);
      }
    }
    if (!reader.stuck) skip(undefined, 'at all');
  }

  function judgeGap(channel: Channel, gap: Gap): void {
    if (overstates && KEPT[channel] === 0 && gap.reason !== 'epoch') return;
    const all = truth.of(channel);
    const inside = all.filter(({ id }) => isIn(id, gap));
    const lost = inside.filter(({ id }) => !delivered.has(id));
    const told = `${reader.who} (${reader.channels}) was told ${JSON.stringify(gap)}`;
    const got = inside.find(({ id }) => delivered.has(id));
    if (got) journal.violate(6, `${told}, and got ${got.id} of it`);
    if (gap.reason === 'epoch') {
      if (!forgets || epochOf(gap.from) === epochOf(gap.to)) {
        journal.violate(6, `${told}, and the log did not begin anew`);
      }
      return;
    }
    if (lost.length === 0) journal.violate(6, `${told}, and nothing was lost there`);
    const retained = lost.find((entry) => countAfter(all, entry) < KEPT[channel]);
    if (retained) journal.violate(6, `${told}, and ${retained.id} is retained`);
  }
}

function countAfter(all: readonly Entry[], entry: Entry): number {
  return all.length - 1 - all.indexOf(entry);
}
