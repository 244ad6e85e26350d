export type { MessageSchema, StandardSchemaV1 } from '../protocol/standard-schema.ts';
export type { DataOf, Defined, MemberOf, MessageOf, PresenceOf } from '../protocol/typed/channels.ts';
export type { ChannelName, ParametersOf } from '../protocol/typed/names.ts';
export type { AnswerOf, AskedOf, RequestDefinition } from '../protocol/typed/requests.ts';
export { channelNames } from './channel-names.ts';
export { defineChannels } from './define-channels.ts';
export { defineRequests } from './define-requests.ts';
