import type { Member } from '../frames.ts';
import type { Message } from '../message.ts';
import type { StandardSchemaV1 } from '../standard-schema.ts';
import type { MatchingOf } from './names.ts';
import type { InputOf, ReceivedOf } from './schemas.ts';

declare const DEFINED: unique symbol;

/** Marks what `defineChannels` has returned, for types alone: at run time there is no such member. */
export type Defined<Channels> = { readonly [DEFINED]: Channels };

type Named<Channels, Pattern, Setting extends string> = Pattern extends keyof Channels
  ? Channels[Pattern] extends { readonly [_ in Setting]: infer Value }
    ? Value
    : never
  : never;

/** A setting of a channel, by the patterns that match it and name it; undefined where none does. */
type SettingOf<Channels, Name extends string, Setting extends string> = [
  Named<Channels, MatchingOf<Channels, Name>, Setting>,
] extends [never]
  ? undefined
  : Named<Channels, MatchingOf<Channels, Name>, Setting>;

type MessageBy<Setting> = Setting extends StandardSchemaV1
  ? Message<ReceivedOf<Setting>>
  : Setting extends object
    ? { [Type in keyof Setting & string]: TypedMessage<Type, ReceivedOf<Setting[Type]>> }[keyof Setting &
        string]
    : Message;

interface TypedMessage<Type extends string, Data> extends Message<Data> {
  readonly type: Type;
}

/** The messages of a channel, or of a pattern; of its presence, where the name ends with `:presence`. */
export type MessageOf<Channels, Name extends string> = Name extends `${infer Channel}:presence`
  ? TypedMessage<'join' | 'update' | 'leave', MemberOf<Channels, Channel>>
  : MessageBy<SettingOf<Channels, Name, 'message'>>;

type TypeBy<Setting> = Setting extends StandardSchemaV1 | undefined
  ? string | undefined
  : keyof Setting & string;

/** The types that a message of a channel may have: any, or those that have a schema. */
export type TypeOf<Channels, Name extends string> = TypeBy<SettingOf<Channels, Name, 'message'>>;

type DataBy<Setting, Type> = Setting extends StandardSchemaV1 | undefined
  ? InputOf<Setting>
  : Type extends keyof Setting
    ? InputOf<Setting[Type]>
    : never;

/** What can be published to a channel: what its schema takes, for messages of a type if there is one for each. */
export type DataOf<Channels, Name extends string, Type = TypeOf<Channels, Name>> = DataBy<
  SettingOf<Channels, Name, 'message'>,
  Type
>;

/** The options of a publish: with the type of the message, where there is a schema for each. */
export type PublishArguments<Channels, Name extends string, Type, Options> =
  undefined extends TypeOf<Channels, Name>
    ? [options?: Options]
    : [options: Options & { readonly type: Type }];

/** The data with which one is present on a channel. */
export type PresenceOf<Channels, Name extends string> =
  SettingOf<Channels, Name, 'presence'> extends infer Setting
    ? Setting extends false
      ? never
      : InputOf<Setting>
    : never;

/** Who is present on a channel. */
export type MemberOf<Channels, Name extends string> =
  SettingOf<Channels, Name, 'presence'> extends infer Setting ? TypedMember<ReceivedOf<Setting>> : never;

interface TypedMember<Data> extends Member {
  readonly data: Data;
}
