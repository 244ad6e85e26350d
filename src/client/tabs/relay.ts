import { FanwireError } from '../../protocol/errors.ts';
import type { ClientFrame, OkFrame, SubscribeFrame } from '../../protocol/frames.ts';
import { formatPosition, type Position, parsePosition, reaches } from '../../protocol/position.ts';
import type { Runtime } from '../../protocol/runtime.ts';
import type { Listener } from '../channels.ts';
import type { Core } from '../core.ts';
import type { Addressed, LeaderNotice, TabNotice } from './notices.ts';

/** A tab that has been silent for so long is gone, or its page is frozen. A frozen tab comes back from its positions. */
const FORGET_MS = 180_000;

/** What one tab reads and waits for. */
interface Tab {
  readonly name: string;
  readonly attachment: number;
  heardAt: number;
  readonly listeners: Map<string, Listener>;
  /** Aborted once the tab is gone, because then nobody waits for its requests. */
  readonly end: AbortController;
}

export interface Relay {
  hear(notice: TabNotice): void;
  /** Forgets the tabs that have been silent for long. */
  sweep(): void;
  /** Whether there are other tabs than the leader's own. */
  servesOthers(): boolean;
  /** The position that every tab has reached, once the notices so far have come. */
  position(): string | undefined;
  end(): void;
}

/**
 * Is to each tab what the hub is to a client, over the one connection. A message is told once for all tabs, and one notice
 * carries all frames of a turn.
 *
 * @param own the leader's own tab, which is never taken for gone
 */
export function createRelay(
  core: Core,
  own: string,
  term: number,
  tell: (notice: LeaderNotice) => void,
  runtime: Runtime,
): Relay {
  const tabs = new Map<string, Tab>();
  let queue: Addressed[] = [];
  let newest: unknown;
  let ended = false;

  const flush = () => {
    if (queue.length > 0 && !ended) tell({ kind: 'frames', frames: queue });
    queue = [];
  };
  const add = (addressed: Addressed) => {
    if (queue.push(addressed) === 1) queueMicrotask(flush);
  };
  /** Each listener is handed the same object, by which a repetition is known. */
  const addForAll = (item: unknown, frame: Addressed['frame']) => {
    if (item !== newest) add({ frame });
    newest = item;
  };

  const subscribe = (tab: Tab, { ref, subscribe }: SubscribeFrame) => {
    const { channel, after, last, presence } = subscribe;
    let accepted = false;
    const listener: Listener = {
      position: parsePosition(after ?? ''),
      paused: false,
      start: { after, last },
      presence,
      accepted() {
        if (accepted) return;
        accepted = true;
        add({ tab: tab.name, frame: { ref, ok: { position: formatPosition(listener.position!) } } });
      },
      deliver: (message) => addForAll(message, message),
      tell: (gap) => addForAll(gap, { gap }),
      fail: (error) => add({ tab: tab.name, frame: { ref, error: error.toJSON() } }),
    };
    const replaced = tab.listeners.get(channel);
    tab.listeners.set(channel, listener);
    core.channels.add(channel, listener);
    // After the new listener was added, so that the hub is not told of an unsubscription in between.
    if (replaced) core.channels.remove(channel, replaced);
  };

  const unsubscribe = (tab: Tab, channel: string) => {
    const listener = tab.listeners.get(channel);
    tab.listeners.delete(channel);
    if (listener) core.channels.remove(channel, listener);
  };

  const replyTo = ({ name }: Tab, ref: number, reply: Promise<OkFrame['ok']>) => {
    reply.then(
      (ok) => add({ tab: name, frame: { ref, ok } }),
      (error) => {
        if (error instanceof FanwireError) add({ tab: name, frame: { ref, error: error.toJSON() } });
      },
    );
  };

  const handle = (tab: Tab, frame: ClientFrame) => {
    if ('subscribe' in frame) subscribe(tab, frame);
    else if ('unsubscribe' in frame) unsubscribe(tab, frame.unsubscribe.channel);
    else if ('publish' in frame) {
      // By this key the hub knows the publish again, when the tab repeats it to the next leader.
      const publish = { idempotencyKey: `~${tab.name}/${frame.ref}`, ...frame.publish };
      replyTo(tab, frame.ref, core.publishes.add({ publish }));
    } else if ('presence' in frame) {
      replyTo(tab, frame.ref, core.publishes.add({ presence: frame.presence }));
    } else if ('request' in frame) {
      const { signal } = tab.end;
      replyTo(tab, frame.ref, core.requests.add({ request: frame.request }, { signal }));
    }
  };

  const forget = (tab: Tab) => {
    tabs.delete(tab.name);
    tab.end.abort();
    for (const channel of tab.listeners.keys()) unsubscribe(tab, channel);
  };

  const begin = (name: string, attachment: number, before: Tab | undefined): Tab => {
    const tab = { name, attachment, heardAt: 0, listeners: new Map(), end: new AbortController() };
    if (before) forget(before);
    tabs.set(name, tab);
    return tab;
  };

  return {
    hear(notice) {
      const known = tabs.get(notice.tab);
      if (notice.kind === 'part') return known && forget(known);
      if (notice.kind === 'token') return core.setToken(notice.token);
      let tab = known?.attachment === notice.attachment ? known : undefined;
      if (notice.kind === 'frames') {
        if (notice.term !== term || (known && known.attachment > notice.attachment)) return;
        tab ??= begin(notice.tab, notice.attachment, known);
        for (const text of notice.frames) handle(tab, JSON.parse(text));
      } else if (!tab && notice.attachment > 0) {
        tell({ kind: 'forgotten', tab: notice.tab, attachment: notice.attachment });
      }
      if (tab) tab.heardAt = runtime.now();
    },
    sweep() {
      // The notice has its place between the messages: those after it are not for that tab.
      flush();
      for (const tab of [...tabs.values()]) {
        if (tab.name === own || tab.heardAt > runtime.now() - FORGET_MS) continue;
        forget(tab);
        tell({ kind: 'forgotten', tab: tab.name, attachment: tab.attachment });
      }
    },
    servesOthers: () => [...tabs.keys()].some((name) => name !== own),
    position() {
      flush();
      const positions = [...tabs.values()].flatMap(({ listeners }) =>
        [...listeners.values()].flatMap(({ position }) => position ?? []),
      );
      const lowest = positions.reduce<Position | undefined>(
        (lowest, each) => (lowest && reaches(each, lowest) ? lowest : each),
        undefined,
      );
      const all = lowest && positions.every((each) => reaches(each, lowest));
      return all ? formatPosition(lowest) : undefined;
    },
    end() {
      ended = true;
      for (const tab of tabs.values()) tab.end.abort();
    },
  };
}
