import { FanwireError } from '../../protocol/errors.ts';
import type { ClientFrame, OkFrame, SubscribeFrame } from '../../protocol/frames.ts';
import { formatPosition, type Position, parsePosition, reaches } from '../../protocol/position.ts';
import type { Listener } from '../channels.ts';
import type { Core } from '../core.ts';
import type { Addressed, Answer, Word } from './talk.ts';

/** A tab that has not been heard for so long is gone, or its page is frozen: it comes back from its positions. */
const FORGET_MS = 180_000;

/** What one tab reads and waits for. */
interface Tab {
  readonly name: string;
  readonly link: number;
  heardAt: number;
  readonly listeners: Map<string, Listener>;
  /** Its requests, which nobody waits for once it is gone. */
  readonly end: AbortController;
}

export interface Relay {
  hear(word: Word): void;
  /** Forgets the tabs that have not been heard for long. */
  look(): void;
  /** Whether there are other tabs than the leader's own. */
  servesOthers(): boolean;
  /** How far every tab is, after what was told so far. */
  position(): string | undefined;
  end(): void;
}

/**
 * The leader's side: speaks the hub's language with each tab, over the one connection. A message is told once for all
 * tabs, as is what comes in one turn.
 *
 * @param own the leader's own tab, which needs no sign of life
 */
export function createRelay(core: Core, own: string, term: number, tell: (answer: Answer) => void): Relay {
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
  /** Every listener is handed the same object. */
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
    // After the new one, so that the hub need not hear of an end that is none.
    if (replaced) core.channels.remove(channel, replaced);
  };

  const unsubscribe = (tab: Tab, channel: string) => {
    const listener = tab.listeners.get(channel);
    tab.listeners.delete(channel);
    if (listener) core.channels.remove(channel, listener);
  };

  const answer = ({ name }: Tab, ref: number, reply: Promise<OkFrame['ok']>) => {
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
      // Known again when the tab repeats it to the next leader, on whatever network.
      const publish = { idempotencyKey: `~${tab.name}/${frame.ref}`, ...frame.publish };
      answer(tab, frame.ref, core.publishes.add({ publish }));
    } else if ('presence' in frame) {
      answer(tab, frame.ref, core.publishes.add({ presence: frame.presence }));
    } else if ('request' in frame) {
      const { signal } = tab.end;
      answer(tab, frame.ref, core.requests.add({ request: frame.request }, { signal }));
    }
  };

  const forget = (tab: Tab) => {
    tabs.delete(tab.name);
    tab.end.abort();
    for (const channel of tab.listeners.keys()) unsubscribe(tab, channel);
  };

  const begin = (name: string, link: number, before: Tab | undefined): Tab => {
    const tab = { name, link, heardAt: 0, listeners: new Map(), end: new AbortController() };
    if (before) forget(before);
    tabs.set(name, tab);
    return tab;
  };

  return {
    hear(word) {
      const known = tabs.get(word.tab);
      if (word.kind === 'part') return known && forget(known);
      if (word.kind === 'token') return core.setToken(word.token);
      let tab = known?.link === word.link ? known : undefined;
      if (word.kind === 'frames') {
        if (word.term !== term || (known && known.link > word.link)) return;
        tab ??= begin(word.tab, word.link, known);
        for (const text of word.frames) handle(tab, JSON.parse(text));
      } else if (!tab && word.link > 0) tell({ kind: 'forgotten', tab: word.tab, link: word.link });
      if (tab) tab.heardAt = Date.now();
    },
    look() {
      // In its place between the messages: what comes later is not for that tab.
      flush();
      for (const tab of [...tabs.values()]) {
        if (tab.name === own || tab.heardAt > Date.now() - FORGET_MS) continue;
        forget(tab);
        tell({ kind: 'forgotten', tab: tab.name, link: tab.link });
      }
    },
    servesOthers: () => [...tabs.keys()].some((name) => name !== own),
    position() {
      flush();
      const positions = [...tabs.values()].flatMap(({ listeners }) =>
        [...listeners.values()].flatMap(({ position }) => position ?? []),
      );
      const least = positions.reduce<Position | undefined>(
        (least, each) => (least && reaches(each, least) ? least : each),
        undefined,
      );
      const all = least && positions.every((each) => reaches(each, least));
      return all ? formatPosition(least) : undefined;
    },
    end() {
      ended = true;
      for (const tab of tabs.values()) tab.end.abort();
    },
  };
}
