import type { ReactElement, ReactNode } from 'react';
import type { PublishOptions, Status, TypedClient } from '../client/index.ts';
import type {
  DataOf,
  MemberOf,
  MessageOf,
  PresenceOf,
  PublishArguments,
  TypeOf,
} from '../protocol/typed/channels.ts';
import type { CheckedName, Never, ReadableName } from '../protocol/typed/names.ts';
import type { RequestDefinitions } from '../protocol/typed/requests.ts';
import type { ChannelOptions, ChannelView, Folding } from './channel-store.ts';
import { FanwireProvider } from './provider.ts';
import { useChannel } from './use-channel.ts';
import { useClient } from './use-client.ts';
import { usePresence } from './use-presence.ts';
import { useStatus } from './use-status.ts';

export interface TypedChannelOptions<Channels, Name extends string>
  extends Omit<ChannelOptions<unknown>, 'presence' | 'schema'> {
  /** Joins the channel's presence with this data. */
  readonly presence?: PresenceOf<Channels, Name>;
}

export interface TypedChannel<Channels, Name extends string, State>
  extends ChannelView<unknown, State, MessageOf<Channels, Name>> {
  /** `TypedClient.publish` on this channel. The function stays the same as long as the channel does. */
  readonly publish: <const Type extends TypeOf<Channels, Name>>(
    data: DataOf<Channels, Name, Type>,
    ...options: PublishArguments<Channels, Name, Type, PublishOptions>
  ) => Promise<{ readonly id: string }>;
}

/** The hooks and the provider, for the channels and requests of one hub. */
export interface Hooks<Channels, Requests> {
  FanwireProvider(props: {
    readonly client:
      | TypedClient<Channels, Requests, Status>
      | (() => TypedClient<Channels, Requests, Status>);
    readonly children?: ReactNode;
  }): ReactElement;
  useChannel<const Name extends ReadableName<Channels>, State>(
    channel: CheckedName<Channels, Name> | undefined,
    options: TypedChannelOptions<Channels, Name> & Folding<unknown, State, MessageOf<Channels, Name>>,
  ): TypedChannel<Channels, Name, State>;
  useChannel<const Name extends ReadableName<Channels>>(
    channel: CheckedName<Channels, Name> | undefined,
    options?: TypedChannelOptions<Channels, Name>,
  ): TypedChannel<Channels, Name, undefined>;
  /** A pattern, for editors to complete: put values for its parameters. */
  useChannel(pattern: keyof Channels & string, ...never: Never): never;
  usePresence<const Name extends ReadableName<Channels>>(
    channel: CheckedName<Channels, Name> | undefined,
  ): readonly MemberOf<Channels, Name>[];
  /** A pattern, for editors to complete: put values for its parameters. */
  usePresence(pattern: keyof Channels & string, ...never: Never): never;
  useClient(): () => TypedClient<Channels, Requests, Status>;
  useStatus: typeof useStatus;
}

/**
 * The same hooks, with the types of a hub's channels and requests.
 *
 * @example
 * ```tsx
 * import { defineChannels } from 'fanwire/channels';
 * import { createHooks } from 'fanwire/react';
 * import * as v from 'valibot';
 *
 * const channels = defineChannels({ scores: { message: v.object({ home: v.number() }) } });
 * const { useChannel } = createHooks<typeof channels>();
 *
 * export function Scores() {
 *   const { last, publish } = useChannel('scores');
 *   return <p onClick={() => publish({ home: 1 })}>{last?.data.home}</p>;
 * }
 * ```
 */
export function createHooks<Channels extends object, Requests = RequestDefinitions>(): Hooks<
  Channels,
  Requests
> {
  return { FanwireProvider, useChannel, useClient, usePresence, useStatus } as unknown as Hooks<
    Channels,
    Requests
  >;
}
