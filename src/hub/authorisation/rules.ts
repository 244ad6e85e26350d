import type { Retention } from '../../log/log.ts';
import { CHANNEL_PATTERN_RULE, channelMatcher, isChannelPattern } from '../../protocol/channel-pattern.ts';
import type { Audience, ChannelRule } from './channel-rule.ts';
import { OWN_RULES } from './own-channels.ts';

/** What holds for one channel, nothing left open. */
export interface ResolvedRule {
  readonly retain: Retention;
  readonly read: Audience;
  readonly publish: Audience;
  readonly conflateMs: number;
  readonly presence: boolean;
}

/** A rule's settings side by side, so that each can come from another pattern. */
type Settings = Required<Retention> & Omit<ResolvedRule, 'retain'>;

const DEFAULTS: Settings = {
  count: 1000,
  ageMs: 24 * 60 * 60 * 1000,
  bytes: 16 * 1024 * 1024,
  read: 'granted',
  publish: 'granted',
  conflateMs: 0,
  presence: true,
};

const AUDIENCES: readonly unknown[] = ['anyone', 'authenticated', 'granted', 'nobody'] satisfies Audience[];

// Clients choose channel names, so what is remembered for them needs a bound.
const REMEMBERED_CHANNELS = 10_000;

/**
 * Compiles the rules of a configuration: each setting of a channel comes from the first pattern that
 * matches it and names that setting, else it has its default.
 * @throws TypeError naming the setting and what was expected
 */
export function compileRules(
  channels: Readonly<Record<string, ChannelRule>> = {},
): (channel: string) => ResolvedRule {
  const rules = [...Object.entries(OWN_RULES), ...Object.entries(channels)].map(([pattern, rule]) => {
    const name = `channels[${JSON.stringify(pattern)}]`;
    if (!isChannelPattern(pattern)) throw new TypeError(`${name}: ${CHANNEL_PATTERN_RULE}`);
    return { matches: channelMatcher(pattern), settings: settingsOf(rule, name) };
  });
  // Settings are assigned one pattern over the other, so the first has to come last.
  rules.reverse();

  function resolve(channel: string): ResolvedRule {
    const matching = rules.filter((rule) => rule.matches(channel));
    const { count, ageMs, bytes, ...rest }: Settings = Object.assign(
      { ...DEFAULTS },
      ...matching.map((rule) => rule.settings),
    );
    return { retain: { count, ageMs, bytes }, ...rest };
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

function settingsOf(rule: ChannelRule, name: string): Partial<Settings> {
  const { retain, ephemeral, ...rest } = named(rule, RULE_CHECKS, name);
  const history = named(retain ?? {}, RETENTION_CHECKS, `${name}.retain`);
  if (ephemeral && history.count) {
    throw new TypeError(`${name} is ephemeral, so retain.count must be 0 or left out, not ${history.count}`);
  }
  // Not being ephemeral is a setting too: it stands against a later pattern that is.
  const count = ephemeral ? 0 : DEFAULTS.count;
  return { ...(ephemeral === undefined ? {} : { count }), ...history, ...rest };
}

interface Check {
  readonly accepts: (value: unknown) => boolean;
  readonly expected: string;
}

const FLAG: Check = { accepts: (value) => typeof value === 'boolean', expected: 'true or false' };
const WHOLE: Check = {
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  expected: 'a whole number, 0 or more',
};
const AUDIENCE: Check = {
  accepts: (value) => AUDIENCES.includes(value),
  expected: `one of ${AUDIENCES.join(', ')}`,
};
const OBJECT: Check = {
  accepts: (value) => typeof value === 'object' && value !== null,
  expected: 'an object',
};

const RETENTION_CHECKS: Record<keyof Retention, Check> = { count: WHOLE, ageMs: WHOLE, bytes: WHOLE };
const RULE_CHECKS: Record<keyof ChannelRule, Check> = {
  retain: OBJECT,
  ephemeral: FLAG,
  read: AUDIENCE,
  publish: AUDIENCE,
  conflateMs: WHOLE,
  presence: FLAG,
};

/** The settings that are named, each checked: a misspelt one must not silently leave a channel open. */
function named<T extends object>(settings: T, checks: Record<keyof T, Check>, name: string): T {
  if (!OBJECT.accepts(settings))
    throw new TypeError(`${name} must be an object, not ${JSON.stringify(settings)}`);
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  for (const [key, value] of given) {
    if (!Object.hasOwn(checks, key)) {
      throw new TypeError(`${name}.${key} is not a setting: there are ${Object.keys(checks).join(', ')}`);
    }
    const { accepts, expected } = checks[key as keyof T];
    if (!accepts(value))
      throw new TypeError(`${name}.${key} must be ${expected}, not ${JSON.stringify(value)}`);
  }
  return Object.fromEntries(given) as T;
}
