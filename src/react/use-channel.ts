import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { FanwireError, type PublishOptions } from '../client/index.ts';
import { type ChannelOptions, type ChannelView, createChannelStore, type Folding } from './channel-store.ts';
import { useClientSource } from './provider.ts';

export interface Channel<Data, State> extends ChannelView<Data, State> {
  /** `Client.publish` on this channel. The function stays the same as long as the channel does. */
  readonly publish: (data: unknown, options?: PublishOptions) => Promise<{ readonly id: string }>;
}

/**
 * Reads a channel for as long as the component is mounted. Another channel, `after`, `last` or `presence` begins anew, and
 * keeps nothing of the one before.
 *
 * @param channel undefined reads nothing
 * @example
 * ```tsx
 * import { useChannel } from 'fanwire/react';
 *
 * export function Scores() {
 *   const { messages, publish } = useChannel<{ home: number }>('scores', { last: 20 });
 *   return (
 *     <ul onClick={() => publish({ home: 1 })}>
 *       {messages.map(({ id, data }) => (
 *         <li key={id}>{data.home}</li>
 *       ))}
 *     </ul>
 *   );
 * }
 *
 * export function Goals() {
 *   const { state } = useChannel<{ home: number }, number>('scores', {
 *     after: 'start',
 *     reduce: (goals, { data }) => goals + data.home,
 *     initial: 0,
 *   });
 *   return <p>{state}</p>;
 * }
 * ```
 */
export function useChannel<Data = unknown>(
  channel: string | undefined,
  options?: ChannelOptions<Data>,
): Channel<Data, undefined>;
export function useChannel<Data, State>(
  channel: string | undefined,
  options: ChannelOptions<Data> & Folding<Data, State>,
): Channel<Data, State>;
export function useChannel<Data, State>(
  channel: string | undefined,
  options: ChannelOptions<Data> & Partial<Folding<Data, State>> = {},
): Channel<Data, State | undefined> {
  const source = useClientSource();
  const { after, last, presence } = options;
  const key = JSON.stringify([channel, after, last, presence]);
  const folding = { reduce: keepState, initial: undefined, ...options } as ChannelOptions<Data> &
    Folding<Data, State | undefined>;

  const create = () => ({ source, store: createChannelStore(source, channel, key, folding) });
  // Not a memo: React may forget memos, and the messages would be lost with it.
  const [kept, setKept] = useState(create);
  const stale = kept.source !== source || kept.store.key !== key;
  const held = stale ? create() : kept;
  if (stale) setKept(held);
  const { store } = held;

  // Functions that are written in a component are others at every render. The newest count once that render is on the page.
  useEffect(() => {
    store.options = folding;
  });
  const view = useSyncExternalStore(store.subscribe, store.view, store.view);
  const publish = useCallback(
    async (data: unknown, options?: PublishOptions) => {
      if (channel === undefined) throw new FanwireError('invalid_channel', 'useChannel was given no channel');
      return source().publish(channel, data, options);
    },
    [source, channel],
  );
  return { ...view, publish };
}

function keepState<State>(state: State): State {
  return state;
}
