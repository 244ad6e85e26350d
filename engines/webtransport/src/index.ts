export type { EngineCounts } from './engine-thread.ts';
export { DEFAULT_LIMITS, type EngineLimits } from './limits.ts';
export type { ReceiveStream } from './receive-stream.ts';
export { HIGH_WATER_BYTES, type SendStream } from './send-stream.ts';
export { type Certificate, type Engine, type ServeOptions, type SessionRequest, serve } from './server.ts';
export { type BidirectionalStream, LOST, type Session } from './session.ts';
