import { FanwireError } from '../protocol/errors.ts';
import type { Gap } from '../protocol/gap.ts';
import type { Message } from '../protocol/message.ts';
import { formatPosition, parsePosition } from '../protocol/position.ts';
import type { StandardSchemaV1 } from '../protocol/standard-schema.ts';
import { toJson } from '../protocol/to-json.ts';
import type { Listener } from './channels.ts';
import type { Core } from './core.ts';
import { createQueue } from './queue.ts';
import { guarded } from './report.ts';

/** @typeParam M where messages of several types have data of several kinds */
export interface SubscribeOptions<Data = unknown, M = Message<Data>> {
  /** `start` for everything retained, `now`, or a position. Default `now`. */
  readonly after?: string;
  /** Begins with the newest so many messages. */
  readonly last?: number;
  /** Joins the channel's presence with this data. */
  readonly presence?: unknown;
  /** `false` leaves out the messages that this client has published. Default `true`. */
  readonly own?: boolean;
  /** Checks every message's data. A message that does not pass goes to `onError`. */
  readonly schema?: StandardSchemaV1<unknown, Data>;
  /** Without it messages are kept for the iterator. */
  readonly onMessage?: (message: M) => void;
  /** Told which messages the hub can't give any more. */
  readonly onGap?: (gap: Gap) => void;
  /** The hub refused the channel, a message failed the schema, or a handler threw. Default: that of the client. */
  readonly onError?: (error: unknown) => void;
  readonly signal?: AbortSignal;
}

export interface Subscription<Data = unknown, M = Message<Data>> extends AsyncIterable<M> {
  readonly channel: string;
  /**
   * Everything up to this position has come. An iterator may not have given out all of it yet: there keep the `id` of the
   * last message that was handled. Either resumes, in another program as well. Undefined until the hub has accepted the
   * subscription.
   */
  readonly position: string | undefined;
  /** Resolves once the hub has accepted the subscription; rejects with the refusal or with `closed`. */
  readonly ready: Promise<void>;
  close(): void;
}

export function createSubscription<Data>(
  channel: string,
  options: SubscribeOptions<Data>,
  { channels, isOwn }: Pick<Core, 'channels' | 'isOwn'>,
  report: (error: unknown) => void,
): Subscription<Data> {
  const { after, last, own, schema, onMessage, onGap, signal } = options;
  const onError = options.onError ? guarded(options.onError, report) : report;
  // Throws here, and not when a link asks for the frame, if JSON can't hold the data.
  toJson(options.presence);

  let accept = () => {};
  let refuse: (error: unknown) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    accept = resolve;
    refuse = reject;
  });
  let readiness: 'unasked' | 'asked' | 'told' = 'unasked';
  // A rejection that nobody awaits is no error, because `onError` and the iterator tell of it as well.
  ready.catch(() => {});

  const queue = createQueue<Message<Data>>(
    (paused) => channels.pause(channel, listener, paused),
    () => close(),
  );
  let give = guarded(onMessage ?? queue.push, onError);
  const tell = guarded((gap: Gap) => onGap?.(gap), onError);

  const check = async (message: Message) => {
    if (own === false && (await isOwn(message))) return;
    const result = await (schema?.['~standard'].validate(message.data) ?? { value: message.data as Data });
    if (!result.issues) return give({ ...message, data: result.value });
    const issues = result.issues.map((issue) => issue.message).join(', ');
    onError(new FanwireError('invalid_json', `message ${message.id} of ${channel}: ${issues}`));
  };
  const checks = schema || own === false;
  // Each message that is checked waits for those before it, because a check may take long and the order must stay.
  let checked = Promise.resolve();
  const inOrder = (act: () => void | Promise<void>) => {
    if (checks) checked = checked.then(act).catch(onError);
    else act();
  };

  const listener: Listener = {
    // `start` and `now` are no positions. The hub refuses what is none of the three.
    position: parsePosition(after ?? ''),
    paused: false,
    start: { after, last },
    presence: options.presence,
    accepted: () => {
      readiness = 'told';
      accept();
    },
    deliver: (message) => inOrder(() => (checks ? check(message) : give(message as Message<Data>))),
    tell: (gap) => inOrder(() => tell(gap)),
    fail: (error) => {
      signal?.removeEventListener('abort', close);
      refuse(error);
      // Messages that are still being checked come too late.
      give = () => {};
      const refused = error.code !== 'closed';
      queue.end(refused ? error : undefined);
      if (refused && (options.onError || (onMessage && readiness !== 'asked'))) onError(error);
    },
  };

  const close = () => {
    channels.remove(channel, listener);
    listener.fail(new FanwireError('closed', 'closed by the application'));
  };

  if (signal?.aborted) close();
  else {
    signal?.addEventListener('abort', close);
    channels.add(channel, listener);
  }

  return {
    channel,
    get position() {
      return listener.position && formatPosition(listener.position);
    },
    get ready() {
      if (readiness === 'unasked') readiness = 'asked';
      return ready;
    },
    close,
    [Symbol.asyncIterator]: queue.iterate,
  };
}
