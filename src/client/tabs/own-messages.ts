import type { PublishReply } from '../../protocol/frames.ts';
import type { Message } from '../../protocol/message.ts';
import type { Outbox } from '../outbox.ts';

/** Of so many publishes a tab remembers the ids. */
const MAX_IDS = 1000;

export interface OwnMessages {
  readonly publishes: Outbox;
  isOwn(message: Message): Promise<boolean>;
}

/**
 * Knows the messages that this tab has published. To the hub all tabs are one client, so that `from` tells the others' messages
 * apart, but not a tab's: those are known by the ids that the hub has answered with.
 */
export function ownMessages(publishes: Outbox, from: () => string | undefined): OwnMessages {
  const ids = new Set<string>();
  const unanswered = new Set<Promise<unknown>>();
  const note = async (reply: Promise<unknown>) => {
    unanswered.add(reply);
    try {
      const { id } = (await reply) as Partial<PublishReply>;
      if (id) ids.add(id);
      for (const oldest of ids) if (ids.size > MAX_IDS) ids.delete(oldest);
    } catch {
      // Whoever published hears of it.
    }
    unanswered.delete(reply);
  };
  return {
    publishes: {
      ...publishes,
      add(body, options) {
        const reply = publishes.add(body, options);
        if ('publish' in body) note(reply);
        return reply;
      },
    },
    async isOwn({ id, from: publisher }) {
      if (!publisher || publisher !== from()) return false;
      // The message may have come before the answer to its publish.
      if (!ids.has(id)) await Promise.allSettled(unanswered);
      return ids.has(id);
    },
  };
}
