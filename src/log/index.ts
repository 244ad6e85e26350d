export type { FanwireError } from '../protocol/errors.ts';
export type { Member } from '../protocol/frames.ts';
export type { GapReason } from '../protocol/gap.ts';
export type { Position } from '../protocol/position.ts';
export { pause, type Runtime, SYSTEM_RUNTIME, type Timer } from '../protocol/runtime.ts';
export type { Start } from '../protocol/start.ts';
export type { Addition, Appended, Outcome } from './addition.ts';
export type { Census, RetainedRange } from './census.ts';
export type { StoredGap } from './gap.ts';
export { differs, type IdempotencyKey, idempotencyConflict } from './idempotency-key.ts';
export { Calls, TimedOut, within } from './kit/calls.ts';
export { digestOf, keyNameOf, memberNameOf } from './kit/digests.ts';
export { type FoundStay, holdingOf, stayOf } from './kit/holding.ts';
export { newEpoch, newName } from './kit/names.ts';
export { type CutPage, cutPage } from './kit/page.ts';
export { payloadBytes, payloadFrom } from './kit/payload-bytes.ts';
export { FRESH_MS, MAX_ENDING, OUTAGE_MS } from './kit/roster-times.ts';
export { unavailable } from './kit/unavailable.ts';
export type {
  Follower,
  Log,
  LogCapabilities,
  Page,
  PageItem,
  PageLimit,
  Retention,
} from './log.ts';
export { type NewMessage, type Payload, payloadSize, type StoredMessage } from './message.ts';
export type { Holding, MemberKey, MembersPage, Roster, Stay } from './roster.ts';
