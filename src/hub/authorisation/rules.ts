import type { Retention } from '../../log/log.ts';
import { PRESENCE_SUFFIX } from '../../protocol/channel-name.ts';
import { channelMatcher } from '../../protocol/channel-pattern.ts';
import type { MessageSchema, StandardSchemaV1 } from '../../protocol/standard-schema.ts';
import type { Audience, ChannelRule } from './channel-rule.ts';
import { isOperatorChannel } from './operator-channel.ts';
import { isOwnChannel, OWN_RULES } from './own-channels.ts';

/** What holds for one channel, nothing left open. */
export interface ResolvedRule {
  readonly message: MessageSchema | undefined;
  readonly retain: Retention;
  readonly read: Audience;
  readonly publish: Audience;
  readonly conflateMs: number;
  readonly sharedWindow: boolean;
  readonly from: boolean;
  readonly presence: boolean | StandardSchemaV1;
}

/** A rule's settings side by side, so that each can come from another pattern. */
type Settings = Required<Retention> & Omit<ResolvedRule, 'retain'>;

const DEFAULTS: Settings = {
  message: undefined,
  count: 1000,
  ageMs: 24 * 60 * 60 * 1000,
  bytes: 16 * 1024 * 1024,
  read: 'granted',
  publish: 'granted',
  conflateMs: 0,
  sharedWindow: true,
  from: true,
  presence: true,
};

// Clients choose channel names, so what is remembered for them needs a bound.
const REMEMBERED_CHANNELS = 10_000;

/**
 * Compiles the rules of a configuration: each setting of a channel comes from the first pattern that
 * matches it and names that setting, else it has its default.
 * @param channels checked, as `createHub` checks them
 */
export function compileRules(
  channels: Readonly<Record<string, ChannelRule>> = {},
): (channel: string) => ResolvedRule {
  const rules = [...Object.entries(OWN_RULES), ...Object.entries(channels)].map(([pattern, rule]) => {
    return { matches: channelMatcher(pattern), settings: settingsOf(rule) };
  });
  // Settings are assigned one pattern over the other, so the first has to come last.
  rules.reverse();

  function resolve(channel: string): ResolvedRule {
    const matching = rules.filter((rule) => rule.matches(channel));
    const { count, ageMs, bytes, message, ...rest }: Settings = Object.assign(
      { ...DEFAULTS },
      ...matching.map((rule) => rule.settings),
    );
    return { message: isTheHubs(channel) ? undefined : message, retain: { count, ageMs, bytes }, ...rest };
  }

  const resolved = new Map<string, ResolvedRule>();
  return (channel) => {
    let rule = resolved.get(channel);
    if (!rule) {
      if (resolved.size === REMEMBERED_CHANNELS) resolved.clear();
      resolved.set(channel, (rule = resolve(channel)));
    }
    return rule;
  };
}

/** Whether the hub itself writes what is on a channel: whoever has a schema for every channel does not mean these. */
function isTheHubs(channel: string): boolean {
  return channel.endsWith(PRESENCE_SUFFIX) || isOperatorChannel(channel) || isOwnChannel(channel);
}

function settingsOf({ retain = {}, ephemeral, ...rest }: ChannelRule): Partial<Settings> {
  // Not being ephemeral is a setting too: it stands against a later pattern that is.
  const count = ephemeral === undefined ? undefined : ephemeral ? 0 : DEFAULTS.count;
  return { ...said({ count }), ...said(retain), ...said(rest) };
}

/** A setting that is undefined, as a program in JavaScript may have it, says nothing. */
function said<T extends object>(settings: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const named = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
