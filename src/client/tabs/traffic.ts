import type { FanwireError } from '../../protocol/errors.ts';
import type { ServerFrame } from '../../protocol/frames.ts';
import { type Channels, createChannels } from '../channels.ts';
import { BACKOFF } from '../connection/backoff.ts';
import { createOutbox, type Outbox } from '../outbox.ts';

/** A tab's own subscriptions with their positions, and what it waits for: as a client has them, over any leader. */
export interface Traffic {
  readonly channels: Channels;
  readonly publishes: Outbox;
  readonly requests: Outbox;
  /** The number of the link; 0 while there is none. */
  link(): number;
  /** Another leader, or the same anew: begins from the positions, and repeats what may be repeated. */
  relink(): void;
  unlink(): void;
  receive(frame: ServerFrame): void;
  fail(error: FanwireError): void;
}

/** @param send carries frames over the link; an empty list begins it */
export function createTraffic(send: (frames: readonly string[]) => void): Traffic {
  let lastRef = 0;
  let links = 0;
  let link = 0;
  const nextRef = () => ++lastRef;

  let turn = 0;
  const flush = () => {
    const mine = ++turn;
    queueMicrotask(() => mine === turn && sync());
  };
  const channels = createChannels(nextRef, flush);
  const publishes = createOutbox(nextRef, flush, true, BACKOFF);
  const requests = createOutbox(nextRef, flush, false, BACKOFF);
  const lanes = [publishes, requests];

  const sync = () => {
    if (link === 0) return;
    const frames = [...channels.changes(link), ...lanes.flatMap((each) => each.take(link))];
    if (frames.length > 0) send(frames);
  };
  const unlink = () => {
    const ended = link;
    link = 0;
    channels.adopted();
    channels.ended(ended);
    for (const each of lanes) each.lost(ended);
  };

  return {
    channels,
    publishes,
    requests,
    link: () => link,
    relink() {
      unlink();
      link = ++links;
      send([]);
      flush();
    },
    unlink,
    receive(frame) {
      channels.receive(frame, link);
      if ('ref' in frame) for (const each of lanes) each.answer(frame);
    },
    fail(error) {
      for (const each of lanes) each.fail(error);
      channels.fail(error);
    },
  };
}
