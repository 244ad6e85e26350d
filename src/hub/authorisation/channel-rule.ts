import type { Retention } from '../../log/log.ts';
import type { MessageSchema, StandardSchemaV1 } from '../../protocol/standard-schema.ts';
import type { AskRight } from './right.ts';

/** Whom a channel lets do something. `granted`, the default: whoever a token's grants name. */
export type Audience = 'anyone' | 'authenticated' | 'granted' | 'nobody';

/** What holds for the channels of a pattern. Each setting comes from the first pattern that matches and names it. */
export interface ChannelRule {
  /**
   * What the data of messages has to be: a schema of any library that meets https://standardschema.dev, or an object with one for each
   * type of message. What the schema returns is published.
   */
  readonly message?: MessageSchema;
  /** How much history to keep. Default: 1,000 messages, 24 hours, 16 MiB. */
  readonly retain?: Partial<Retention>;
  /** Keeps no history: the same as `retain: { count: 0 }`. A subscriber that falls behind gets a gap. */
  readonly ephemeral?: boolean;
  /** Who may read: an audience, or a function that is asked. */
  readonly read?: Audience | AskRight;
  /** Who may publish, in the same way. */
  readonly publish?: Audience | AskRight;
  /** At most one message for each key in so many milliseconds, the newest. */
  readonly conflateMs?: number;
  /**
   * Whether, where the hub's compression has a shared window, the channel's messages are in it. Its lengths tell whoever sees them, even through
   * TLS, what messages have in common: not for a channel in which one client's secret stands beside what another chooses. Default: true.
   */
  readonly sharedWindow?: boolean;
  /** Whether messages say which client published them. Default: true. */
  readonly from?: boolean;
  /** Whether clients may join the channel's presence, or a schema for the data with which they do. Default: true. */
  readonly presence?: boolean | StandardSchemaV1;
}
