import type { GapReason } from '../../protocol/gap.ts';
import type { Position } from '../../protocol/position.ts';
import type { Start } from '../../protocol/start.ts';
import type { StoredGap } from '../gap.ts';
import { cutPage } from '../kit/page.ts';
import type { Page, PageLimit } from '../log.ts';
import type { ChannelReader, Stretch } from './channel-reader.ts';
import { eachOf } from './each-of.ts';
import type { Milestones } from './milestones.ts';
import type { Stream } from './stream.ts';

/** How far channels are known before they are read. What is stored meanwhile is for the next page. */
interface Horizon {
  /** All channels can be known up to here, though they are asked one by one: no position may pass it. */
  readonly through: number;
  /** A milestone, which is as good as a message: a channel that is empty for long needs a position that is not old. */
  readonly milestone: number;
}

/** Joins what the channels hold into pages. */
export class History {
  readonly #stream: Stream;
  readonly #milestones: Milestones;
  readonly #reader: ChannelReader;
  readonly #epochChanged: () => void;

  constructor(stream: Stream, milestones: Milestones, reader: ChannelReader, epochChanged: () => void) {
    this.#stream = stream;
    this.#milestones = milestones;
    this.#reader = reader;
    this.#epochChanged = epochChanged;
  }

  async read(channels: readonly string[], start: Start, limit: PageLimit): Promise<Page> {
    switch (start.kind) {
      case 'now':
        return this.#now(channels);
      case 'start':
        return this.#page(channels, 0, limit);
      case 'last': {
        const first = await this.#firstOfNewest(channels, start.count);
        return first === undefined ? this.#now(channels) : this.#page(channels, first - 1, limit);
      }
      case 'after': {
        const { position } = start;
        return (await this.#isOurs(position))
          ? this.#page(channels, position.sequence, limit, { from: position, reason: undefined })
          : this.#page(channels, 0, limit, { from: position, reason: 'epoch' });
      }
    }
  }

  async #now(channels: readonly string[]): Promise<Page> {
    const horizon = await this.#horizon(channels);
    const newest = await eachOf(channels, (channel) => this.#reader.newest(channel));
    return { items: [], position: this.#reached(0, newest, horizon), more: false };
  }

  /** @param gaps announces what was removed since `from` */
  async #page(
    channels: readonly string[],
    after: number,
    limit: PageLimit,
    gaps?: { readonly from: Position; readonly reason: GapReason | undefined },
  ): Promise<Page> {
    const horizon = await this.#horizon(channels);
    const { through } = horizon;
    const stretches = await eachOf(channels, (channel) => this.#reader.read(channel, after, limit));
    const told: StoredGap[] = [];
    if (gaps) {
      // Looked at after the messages, as they may have been dropped at any moment before.
      const unsure = stretches.some(({ newest, removed }) => !removed && (newest === 0 || newest > after));
      const dropped = unsure ? await this.#milestones.dropped() : 0;
      for (const stretch of stretches) {
        const loss = lossOf(stretch, dropped);
        const sequence = Math.min(loss.sequence, through);
        if (sequence <= after && gaps.reason === undefined) continue;
        const to = { epoch: this.#stream.epoch, sequence };
        const reason = gaps.reason ?? loss.reason;
        told.push({ channel: stretch.channel, from: gaps.from, to, reason });
      }
    }
    const messages = stretches.flatMap((stretch) => stretch.messages);
    const known = messages.filter(({ sequence }) => sequence <= through);
    const { items, end } = cutPage(told, known, limit);
    const newest = stretches.map((stretch) => stretch.newest);
    return { items, position: end ?? this.#reached(after, newest, horizon), more: end !== undefined };
  }

  async #horizon(channels: readonly string[]): Promise<Horizon> {
    const { newest: milestone } = this.#milestones;
    return { milestone, through: channels.length > 1 ? await this.#stream.lastSequence() : Infinity };
  }

  #reached(after: number, newest: readonly number[], { through, milestone }: Horizon): Position {
    const sequence = Math.max(after, milestone, ...newest.map((one) => Math.min(one, through)));
    return { epoch: this.#stream.epoch, sequence };
  }

  async #firstOfNewest(channels: readonly string[], count: number): Promise<number | undefined> {
    const sequences = await eachOf(channels, (channel) => this.#reader.newestRetained(channel, count));
    return sequences
      .flat()
      .sort((a, b) => a - b)
      .slice(-count)[0];
  }

  async #isOurs({ epoch, sequence }: Position): Promise<boolean> {
    // Another node may know of a new epoch before this one does.
    if (epoch !== this.#stream.epoch && (await this.#stream.prepare())) this.#epochChanged();
    if (epoch !== this.#stream.epoch) return false;
    return sequence <= this.#stream.highest || sequence <= (await this.#stream.lastSequence());
  }
}

/** Up to where a channel is known to have lost messages; the server may have dropped what is not there. */
function lossOf({ messages, removed }: Stretch, dropped: number): { sequence: number; reason: GapReason } {
  if (removed) return removed;
  const first = messages[0];
  return { sequence: Math.min(dropped, first ? first.sequence - 1 : dropped), reason: 'expired' };
}
