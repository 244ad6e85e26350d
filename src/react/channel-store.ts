import type { Gap, Message, StandardSchemaV1, Subscription } from '../client/index.ts';
import type { ClientSource } from './provider.ts';

export interface ChannelOptions<Data> {
  /** `start` for everything retained, `now`, or a position. Default `now`. */
  readonly after?: string;
  /** Begins with the newest so many messages. */
  readonly last?: number;
  /** Joins the channel's presence with this data. */
  readonly presence?: unknown;
  /** Checks every message's data. For a message that does not pass `error` is set. */
  readonly schema?: StandardSchemaV1<unknown, Data>;
  /** `messages` has at most so many. Default 100. */
  readonly keep?: number;
}

/** @typeParam M where messages of several types have data of several kinds */
export interface Folding<Data, State, M = Message<Data>> {
  /** Returns the state after a message. Called with every message, in order, each once. */
  readonly reduce: (state: State, message: M) => State;
  readonly initial: State;
}

/** What a component sees of a channel. It is another object whenever one of its members has changed. */
export interface ChannelView<Data, State, M = Message<Data>> {
  /** Oldest first. */
  readonly messages: readonly M[];
  /** The newest message. */
  readonly last: M | undefined;
  /** The newest 100 gaps: each tells of messages that the hub can't give any more. */
  readonly gaps: readonly Gap[];
  /** The newest error: the hub refused the channel, a message failed the schema, or `reduce` threw. */
  readonly error: unknown;
  /** Whether the hub has accepted the subscription. */
  readonly ready: boolean;
  readonly state: State;
}

export interface ChannelStore<Data, State> {
  /** Names what the store reads. A component that wants something else takes another store. */
  readonly key: string;
  options: ChannelOptions<Data> & Folding<Data, State>;
  /** Reads the channel until the returned function is called. Called again, it goes on from the last position. */
  subscribe(changed: () => void): () => void;
  view(): ChannelView<Data, State>;
}

const KEEP = 100;
const MAX_GAPS = 100;

/** @param channel undefined reads nothing */
export function createChannelStore<Data, State>(
  source: ClientSource,
  channel: string | undefined,
  key: string,
  options: ChannelOptions<Data> & Folding<Data, State>,
): ChannelStore<Data, State> {
  const { after, last, presence, schema } = options;
  let view: ChannelView<Data, State> = {
    messages: [],
    last: undefined,
    gaps: [],
    error: undefined,
    ready: false,
    state: options.initial,
  };
  let position: string | undefined;
  /** Messages since the last change of `messages`. Many that come at once are one change. */
  let fresh: Message<Data>[] = [];

  const open = (changed: () => void): Subscription<Data> => {
    let due = false;
    const change = (part: Partial<ChannelView<Data, State>>) => {
      view = { ...view, ...part };
      if (due) return;
      due = true;
      queueMicrotask(() => {
        due = false;
        const { keep = KEEP } = store.options;
        if (fresh.length > 0) view = { ...view, messages: [...view.messages, ...fresh].slice(-keep) };
        fresh = [];
        changed();
      });
    };
    const subscription = source().subscribe<Data>(channel!, {
      ...(position ? { after: position } : { ...(after && { after }), ...(last && { last }) }),
      ...(presence !== undefined && { presence }),
      ...(schema && { schema }),
      onMessage(message) {
        position = message.id;
        fresh.push(message);
        change({ last: message });
        change({ state: store.options.reduce(view.state, message) });
      },
      onGap: (gap) => change({ gaps: [...view.gaps, gap].slice(-MAX_GAPS) }),
      onError: (error) => change({ error }),
    });
    subscription.ready.then(
      () => change({ ready: true }),
      () => change({ ready: false }),
    );
    return subscription;
  };

  const store: ChannelStore<Data, State> = {
    key,
    options,
    subscribe(changed) {
      if (channel === undefined) return () => {};
      try {
        const subscription = open(changed);
        return () => {
          position = subscription.position ?? position;
          subscription.close();
        };
      } catch (error) {
        // The client was closed. An error that is thrown here would unmount the tree, so that it is shown instead.
        view = { ...view, error };
        return () => {};
      }
    },
    view: () => view,
  };
  return store;
}
