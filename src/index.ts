export { type Config, defineConfig } from './config/config.ts';
export { createHub } from './create-hub.ts';
export type {
  ChannelList,
  ChannelView,
  ConnectionView,
  DrainView,
  EventsOptions,
  FanwireHub,
  HubStats,
  Listening,
  PublishOptions,
  SubscribeOptions,
  Subscription,
} from './fanwire-hub.ts';
export type { Access, Authorise, Credentials, Grant } from './hub/authorisation/access.ts';
export type { Audience, ChannelRule } from './hub/authorisation/channel-rule.ts';
export type { JwtOptions } from './hub/authorisation/jwt.ts';
export type { AskRight, Right, RightAnswer, RightRequest } from './hub/authorisation/right.ts';
export type { ChannelEvent } from './hub/connections/local-events.ts';
export type {
  BeforePublish,
  PublishChange,
  PublishRequest,
  RequestContext,
  RequestHandler,
} from './hub/options.ts';
export type { ConnectedClient } from './hub/presence/clients.ts';
export { handleRequests, type RequestHandlers } from './hub/session/handle-requests.ts';
export type { Log } from './log/log.ts';
export { memoryLog } from './log/memory/memory-log.ts';
export type { MemoryLogOptions } from './log/memory/options.ts';
export { type ErrorCode, FanwireError, type Issue } from './protocol/errors.ts';
export type { Member } from './protocol/frames.ts';
export type { Gap, GapReason } from './protocol/gap.ts';
export { DEFAULT_LIMITS, type Limits } from './protocol/limits.ts';
export type { Message } from './protocol/message.ts';
export type { MessageSchema, StandardSchemaV1 } from './protocol/standard-schema.ts';
export type { Endpoint } from './server/endpoint.ts';
export type { ServerOptions as HubOptions } from './server/options.ts';
export type { TypedHub } from './typed-hub.ts';
