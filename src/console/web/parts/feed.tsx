import { useEffect, useRef, useState } from 'preact/hooks';
import type { Client } from '../../../client/index.ts';
import type { Gap } from '../../../protocol/gap.ts';
import type { Message } from '../../../protocol/message.ts';
import { sentenceOf } from '../shell/connection.ts';

/** Messages that a feed shows. */
const SHOWN = 50;
const SHOWN_OF_REPLAY = 500;
/** Messages are gathered for so long, because thousands a second should cost ten drawings. */
const FLUSH_MS = 100;
const ANNOUNCE_MS = 10_000;

type Item =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'gap'; readonly gap: Gap };

interface FeedProps {
  readonly fanwire: Client;
  readonly channel: string;
  /** A position: what came since is listed from the oldest. Undefined: the newest messages, the last first. */
  readonly after?: string | undefined;
  readonly title: string;
}

/** What arrives on a channel, gaps too. */
export function Feed({ fanwire, channel, after, title }: FeedProps) {
  const [items, setItems] = useState<readonly Item[]>([]);
  const [fault, setFault] = useState<string>();
  const [count, setCount] = useState(0);
  useEffect(() => {
    setItems([]);
    setCount(0);
    setFault(undefined);
    let waiting: Item[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      const news = waiting;
      waiting = [];
      timer = undefined;
      setCount((before) => before + news.length);
      setItems((before) =>
        after === undefined
          ? [...news.reverse(), ...before].slice(0, SHOWN)
          : [...before, ...news].slice(0, SHOWN_OF_REPLAY),
      );
    };
    const add = (item: Item) => {
      waiting.push(item);
      if (after === undefined && waiting.length > SHOWN) waiting.shift();
      timer ??= setTimeout(flush, FLUSH_MS);
    };
    const subscription = fanwire.subscribe(channel, {
      ...(after === undefined ? { last: SHOWN } : { after }),
      onMessage: (message) => add({ kind: 'message', message }),
      onGap: (gap) => add({ kind: 'gap', gap }),
      onError: (error) => setFault(sentenceOf(error)),
    });
    return () => {
      clearTimeout(timer);
      subscription.close();
    };
  }, [fanwire, channel, after]);

  return (
    <div class="field">
      <h3 id="feed-title">{title}</h3>
      <Announcement count={count} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
      <ol class="feed" aria-labelledby="feed-title" tabIndex={0}>
        {items.map((item) =>
          item.kind === 'message' ? (
            <MessageLine key={item.message.id} message={item.message} />
          ) : (
            <li key={`gap ${item.gap.to}`} class="fault">
              A gap: what stood here is gone ({item.gap.reason}).
            </li>
          ),
        )}
        {items.length === 0 && <li class="empty">{fault ?? 'Nothing yet.'}</li>}
      </ol>
    </div>
  );
}

/** Tells screen readers how many came, every ten seconds at most: read out one by one, fifty a second would bury all else. */
function Announcement({ count }: { count: number }) {
  const [told, setTold] = useState(0);
  const newest = useRef(count);
  newest.current = count;
  useEffect(() => {
    const timer = setInterval(() => setTold(newest.current), ANNOUNCE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="unseen" role="status">
      {told > 0 && `${told.toLocaleString('en')} messages`}
    </p>
  );
}

function MessageLine({ message: { id, time, type, data } }: { message: Message }) {
  return (
    <li>
      <time dateTime={new Date(time).toISOString()} title={id}>
        {new Date(time).toLocaleTimeString()}
      </time>
      {type && <b>{type}</b>}
      <code>{typeof data === 'string' ? data : JSON.stringify(data)}</code>
    </li>
  );
}
