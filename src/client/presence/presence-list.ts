import { FanwireError } from '../../protocol/errors.ts';
import type { Member } from '../../protocol/frames.ts';
import type { Message } from '../../protocol/message.ts';
import type { MemberOf } from '../../protocol/typed/channels.ts';
import type { ChannelName, CheckedName } from '../../protocol/typed/names.ts';
import type { Client } from '../client.ts';
import type { Status } from '../connection/status.ts';
import { createReport, guarded } from '../report.ts';
import type { TypedClient } from '../typed-client.ts';
import { changesBetween, inOrder, type Members, type PresenceChange } from './changes.ts';
import { Roll } from './roll.ts';

/** What the channel of a channel's presence is called. */
const SUFFIX = ':presence';

/** Called with the whole list, and with what has changed since the last call. */
type OnChange<M extends Member> = (members: readonly M[], changes: readonly PresenceChange<M>[]) => void;

export interface PresenceListOptions<M extends Member = Member> {
  /**
   * Called with the whole list, and with what has changed since the last call: at first once the hub has told who is there, with
   * no changes. Changes that come at once are one call.
   */
  readonly onChange?: OnChange<M>;
  /** The hub refused the channel, or `onChange` threw. Default: the client's `onError` for the one, `console.error` for the other. */
  readonly onError?: (error: unknown) => void;
  readonly signal?: AbortSignal;
}

/** Who is present on a channel, kept right over joins, leaves, reconnects and gaps. */
export interface PresenceList<M extends Member = Member> {
  readonly channel: string;
  /** The first to join first. Another array whenever it has changed; empty until `ready`. */
  readonly members: readonly M[];
  /** Resolves once the list is complete; rejects with the refusal or with `closed`. */
  readonly ready: Promise<void>;
  close(): void;
}

/**
 * A list of who is present on a channel that stays right by itself. To be in it, subscribe to the channel with `presence`.
 *
 * @example
 * ```ts
 * import { connect } from 'fanwire/client';
 * import { presenceList } from 'fanwire/presence';
 *
 * const fanwire = connect('http://127.0.0.1:3000');
 * const lobby = presenceList(fanwire, 'chat.lobby', (members, changes) => {
 *   for (const { type, member } of changes) console.log(type, member.client);
 *   console.log(members.length, 'are there');
 * });
 * await lobby.ready;
 * console.log(lobby.members);
 * ```
 */
export function presenceList<
  Channels extends object,
  Requests,
  S extends Status,
  const Name extends ChannelName<Channels>,
>(
  client: TypedClient<Channels, Requests, S>,
  channel: CheckedName<Channels, Name>,
  given?: OnChange<MemberOf<Channels, Name>> | PresenceListOptions<MemberOf<Channels, Name>>,
): PresenceList<MemberOf<Channels, Name>>;
export function presenceList<M extends Member = Member>(
  client: Pick<Client, 'subscribe' | 'presence'>,
  channel: string,
  given?: OnChange<M> | PresenceListOptions<M>,
): PresenceList<M>;
export function presenceList(
  client: Pick<Client, 'subscribe' | 'presence'>,
  channel: string,
  given: object = {},
): PresenceList {
  const options = typeof given === 'function' ? { onChange: given } : given;
  const { onChange, onError, signal } = options as PresenceListOptions;
  const report = createReport(onError);
  const hear = guarded((changes: readonly PresenceChange[]) => onChange?.(members, changes), report);
  const roll = new Roll();
  let members: readonly Member[] = [];
  let told: Members | undefined;
  let due = false;
  let ended = false;
  let accept = () => {};
  let refuse: (error: unknown) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    accept = resolve;
    refuse = reject;
  });
  // A rejection that nobody awaits is no error, because `onError` tells of it as well.
  ready.catch(() => {});

  const tell = () => {
    due = false;
    if (!roll.isKnown || ended) return;
    const changes = told ? changesBetween(told, roll.members) : [];
    if (told && changes.length === 0) return;
    told = new Map(roll.members);
    members = inOrder(told);
    accept();
    hear(changes);
  };
  const change = () => {
    if (!due) queueMicrotask(tell);
    due = true;
  };
  /** Counted, as an answer to a question that was asked before the last gap says nothing. */
  let asked = 0;
  const ask = async () => {
    const mine = ++asked;
    roll.missed();
    const answer = await client.presence(channel);
    if (mine !== asked) return;
    roll.answered(answer);
    change();
  };

  const subscription = client.subscribe<Member>(`${channel}${SUFFIX}`, {
    onMessage({ type, data }: Message<Member>) {
      roll.took({ type: type as PresenceChange['type'], member: data });
      if (roll.isKnown) change();
    },
    // What was told in between is lost, and the hub knows what came of it. Rejects as the subscription does.
    onGap: () => ask().catch(refuse),
    ...(onError && { onError }),
  });
  const close = () => {
    ended = true;
    signal?.removeEventListener('abort', close);
    subscription.close();
    refuse(new FanwireError('closed', 'closed by the application'));
  };
  if (signal?.aborted) close();
  signal?.addEventListener('abort', close);
  // Asked once changes are told of, so that none is between the list and them.
  subscription.ready.then(ask).catch(refuse);

  return {
    channel,
    get members() {
      return members;
    },
    ready,
    close,
  };
}
