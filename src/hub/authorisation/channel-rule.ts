import type { Retention } from '../../log/log.ts';

/** Whom a channel lets do something. `granted`, the default: whoever a token's grants name. */
export type Audience = 'anyone' | 'authenticated' | 'granted' | 'nobody';

/** What holds for the channels of a pattern. Each setting comes from the first pattern that matches and names it. */
export interface ChannelRule {
  /** How much history to keep. Default: 1,000 messages, 24 hours, 16 MiB. */
  readonly retain?: Partial<Retention>;
  /** Keeps no history: the same as `retain: { count: 0 }`. A subscriber that falls behind gets a gap. */
  readonly ephemeral?: boolean;
  readonly read?: Audience;
  readonly publish?: Audience;
  /** At most one message for each key in so many milliseconds, the newest. */
  readonly conflateMs?: number;
  /** Whether messages say which client published them. Default: true. */
  readonly from?: boolean;
  /** Whether clients may join the channel's presence. Default: true. */
  readonly presence?: boolean;
}
