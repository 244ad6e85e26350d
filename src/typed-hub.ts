import type {
  EventsOptions,
  FanwireHub,
  PublishOptions,
  SubscribeOptions,
  Subscription,
} from './fanwire-hub.ts';
import type { ChannelEvent } from './hub/connections/local-events.ts';
import type { LocalIterator } from './hub/connections/local-iterator.ts';
import type { DataOf, MemberOf, MessageOf, PublishArguments, TypeOf } from './protocol/typed/channels.ts';
import type { ChannelName, CheckedName, Never, ReadableName } from './protocol/typed/names.ts';

/** A typed hub for channels of `defineChannels`, a plain one for all others. */
export type HubOf<Channels> = [Channels] extends [undefined] ? FanwireHub : TypedHub<Channels>;

/** A hub that knows its channels, as `createHub` gives it for those of `defineChannels`. */
export interface TypedHub<Channels>
  extends Omit<FanwireHub, 'publish' | 'subscribe' | 'events' | 'presence'> {
  /** As `FanwireHub.publish`. @throws FanwireError also `invalid_data`, with the schema's issues */
  publish<const Name extends ChannelName<Channels>, const Type extends TypeOf<Channels, Name>>(
    channel: CheckedName<Channels, Name>,
    data: DataOf<Channels, Name, Type>,
    ...options: PublishArguments<Channels, Name, Type, PublishOptions>
  ): Promise<{ readonly id: string }>;
  /** A pattern, for editors to complete: put values for its parameters. */
  publish(pattern: keyof Channels & string, ...never: Never): never;
  /** As `FanwireHub.subscribe`. */
  subscribe<const Name extends ReadableName<Channels>>(
    channels: CheckedName<Channels, Name> | readonly CheckedName<Channels, Name>[],
    options?:
      | ((message: MessageOf<Channels, Name>) => void)
      | SubscribeOptions<unknown, MessageOf<Channels, Name>>,
  ): Subscription<unknown, MessageOf<Channels, Name>>;
  /** A pattern, for editors to complete: put values for its parameters. */
  subscribe(pattern: keyof Channels & string, ...never: Never): never;
  /** As `FanwireHub.events`. */
  events<const Name extends ReadableName<Channels>>(
    channels: CheckedName<Channels, Name> | readonly CheckedName<Channels, Name>[],
    options?: EventsOptions,
  ): LocalIterator<ChannelEvent<unknown, MessageOf<Channels, Name>>>;
  /** A pattern, for editors to complete: put values for its parameters. */
  events(pattern: keyof Channels & string, ...never: Never): never;
  /** As `FanwireHub.presence`. */
  presence<const Name extends ChannelName<Channels>>(
    channel: CheckedName<Channels, Name>,
  ): Promise<MemberOf<Channels, Name>[]>;
  /** A pattern, for editors to complete: put values for its parameters. */
  presence(pattern: keyof Channels & string, ...never: Never): never;
}
