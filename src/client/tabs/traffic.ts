import type { FanwireError } from '../../protocol/errors.ts';
import type { ServerFrame } from '../../protocol/frames.ts';
import type { Runtime } from '../../protocol/runtime.ts';
import { type Channels, createChannels } from '../channels.ts';
import { BACKOFF } from '../connection/backoff.ts';
import { createOutbox, type Outbox } from '../outbox.ts';

/** A tab's own subscriptions with their positions, and its unanswered frames: as a client has them, over any leader. */
export interface Traffic {
  readonly channels: Channels;
  readonly publishes: Outbox;
  readonly requests: Outbox;
  /** The number of the attachment; 0 while there is none. */
  attachment(): number;
  /** Attaches to another leader, or to the same anew: subscribes from the positions, and repeats what may be repeated. */
  attach(): void;
  detach(): void;
  receive(frame: ServerFrame): void;
  fail(error: FanwireError): void;
}

/** @param send gives the leader frames; an empty list begins an attachment */
export function createTraffic(send: (frames: readonly string[]) => void, runtime: Runtime): Traffic {
  let lastRef = 0;
  let attachments = 0;
  let attachment = 0;
  const nextRef = () => ++lastRef;

  let turn = 0;
  const flush = () => {
    const mine = ++turn;
    queueMicrotask(() => mine === turn && sync());
  };
  const channels = createChannels(nextRef, flush, runtime);
  const publishes = createOutbox(nextRef, flush, true, BACKOFF, runtime);
  const requests = createOutbox(nextRef, flush, false, BACKOFF, runtime);
  const outboxes = [publishes, requests];

  const sync = () => {
    if (attachment === 0) return;
    const frames = [...channels.changes(attachment), ...outboxes.flatMap((each) => each.take(attachment))];
    if (frames.length > 0) send(frames);
  };
  const detach = () => {
    const ended = attachment;
    attachment = 0;
    channels.adopted();
    channels.ended(ended);
    for (const each of outboxes) each.lost(ended);
  };

  return {
    channels,
    publishes,
    requests,
    attachment: () => attachment,
    attach() {
      detach();
      attachment = ++attachments;
      send([]);
      flush();
    },
    detach,
    receive(frame) {
      channels.receive(frame, attachment);
      if ('ref' in frame) for (const each of outboxes) each.answer(frame);
    },
    fail(error) {
      for (const each of outboxes) each.fail(error);
      channels.fail(error);
    },
  };
}
