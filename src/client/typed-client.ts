import type { PublishReply } from '../protocol/frames.ts';
import type {
  DataOf,
  MemberOf,
  MessageOf,
  PresenceOf,
  PublishArguments,
  TypeOf,
} from '../protocol/typed/channels.ts';
import type { ChannelName, CheckedName, Never, ReadableName } from '../protocol/typed/names.ts';
import type { AnswerOf, AskedOf, RequestDefinitions } from '../protocol/typed/requests.ts';
import type { Client, PublishOptions, RequestOptions } from './client.ts';
import type { Status } from './connection/status.ts';
import type { SubscribeOptions, Subscription } from './subscription.ts';

export interface TypedSubscribeOptions<Channels, Name extends string>
  extends Omit<SubscribeOptions<unknown, MessageOf<Channels, Name>>, 'presence' | 'schema'> {
  /** Joins the channel's presence with this data. */
  readonly presence?: PresenceOf<Channels, Name>;
}

/** Data may be left out where the schema takes undefined. */
type RequestArguments<Definition> =
  undefined extends AskedOf<Definition>
    ? [data?: AskedOf<Definition>, options?: RequestOptions]
    : [data: AskedOf<Definition>, options?: RequestOptions];

interface PresenceMethods<Channels> {
  of<const Name extends ChannelName<Channels>>(
    channel: CheckedName<Channels, Name>,
  ): Promise<readonly MemberOf<Channels, Name>[]>;
  /** A pattern, for editors to complete: put values for its parameters. */
  of(pattern: keyof Channels & string, ...never: Never): never;
  count<const Name extends ChannelName<Channels>>(channel: CheckedName<Channels, Name>): Promise<number>;
}

export type TypedPresence<Channels> = PresenceMethods<Channels>['of'] &
  Pick<PresenceMethods<Channels>, 'count'>;

/** A client that knows the channels and requests of its hub, as `connect<typeof channels, typeof requests>` gives it. */
export interface TypedClient<Channels, Requests = RequestDefinitions, S extends Status = Status>
  extends Omit<Client<S>, 'subscribe' | 'publish' | 'presence' | 'request'> {
  /** As `Client.subscribe`. */
  subscribe<const Name extends ReadableName<Channels>>(
    channel: CheckedName<Channels, Name>,
    options?: ((message: MessageOf<Channels, Name>) => void) | TypedSubscribeOptions<Channels, Name>,
  ): Subscription<unknown, MessageOf<Channels, Name>>;
  /** A pattern, for editors to complete: put values for its parameters. */
  subscribe(pattern: keyof Channels & string, ...never: Never): never;
  /** As `Client.publish`. The hub checks the data by the channel's schema. @throws (rejects) FanwireError `invalid_data` */
  publish<const Name extends ChannelName<Channels>, const Type extends TypeOf<Channels, Name>>(
    channel: CheckedName<Channels, Name>,
    data: DataOf<Channels, Name, Type>,
    ...options: PublishArguments<Channels, Name, Type, PublishOptions>
  ): Promise<PublishReply>;
  /** A pattern, for editors to complete: put values for its parameters. */
  publish(pattern: keyof Channels & string, ...never: Never): never;
  /** As `Client.presence`. */
  readonly presence: TypedPresence<Channels>;
  /** As `Client.request`. The hub checks the data by the request's schema. @throws (rejects) FanwireError `invalid_data` */
  request: RequestDefinitions extends Requests
    ? Client<S>['request']
    : <Method extends keyof Requests & string>(
        method: Method,
        ...data: RequestArguments<Requests[Method]>
      ) => Promise<AnswerOf<Requests[Method]>>;
}
