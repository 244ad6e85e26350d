import type { Retention } from '../../log/log.ts';
import { PRESENCE_SUFFIX } from '../../protocol/channel-name.ts';
import { channelParameters } from '../../protocol/channel-pattern.ts';
import type { MessageSchema, StandardSchemaV1 } from '../../protocol/standard-schema.ts';
import type { Audience, ChannelRule } from './channel-rule.ts';
import { isOperatorChannel } from './operator-channel.ts';
import { isOwnChannel, OWN_RULES } from './own-channels.ts';
import type { AskRight } from './right.ts';

/** What holds for one channel, nothing left open. */
export interface ResolvedRule {
  readonly message: MessageSchema | undefined;
  readonly retain: Retention;
  readonly read: RightRule;
  readonly publish: RightRule;
  readonly conflateMs: number;
  readonly sharedWindow: boolean;
  readonly from: boolean;
  readonly presence: boolean | StandardSchemaV1;
}

/** Who may do something with one channel. */
export interface RightRule {
  readonly audience: Audience | AskRight;
  /** What the parameters of the pattern stand for that says so. One called `subject` is whoever may. */
  readonly params: Readonly<Record<string, string>>;
}

/** A rule's settings side by side, so that each can come from another pattern. */
type Settings = Required<Retention> & Omit<ResolvedRule, 'retain'>;

const GRANTED_ALONE: RightRule = { audience: 'granted', params: {} };

const DEFAULTS: Settings = {
  message: undefined,
  count: 1000,
  ageMs: 24 * 60 * 60 * 1000,
  bytes: 16 * 1024 * 1024,
  read: GRANTED_ALONE,
  publish: GRANTED_ALONE,
  conflateMs: 0,
  sharedWindow: true,
  from: true,
  presence: true,
};

// Clients choose channel names, so what is remembered for them needs a bound.
const REMEMBERED_CHANNELS = 10_000;

/** What holds where no rule says anything. */
const PLAIN = resolvedFrom(DEFAULTS);

/**
 * Compiles the rules of a configuration: each setting of a channel comes from the first pattern that
 * matches it and names that setting, else it has its default.
 * @param channels checked, as `createHub` checks them
 */
export function compileRules(
  channels: Readonly<Record<string, ChannelRule>> = {},
): (channel: string) => ResolvedRule {
  const rules = [...Object.entries(OWN_RULES), ...Object.entries(channels)].map(([pattern, rule]) => {
    const { message: _, conflateMs: __, ...ofHubs } = rule;
    const [settings, settingsOfHubs] = [settingsOf(rule), settingsOf(ofHubs)];
    return { pattern, parametersIn: channelParameters(pattern), rule, settings, settingsOfHubs };
  });
  // Settings are assigned one pattern over the other, so the first has to come last.
  rules.reverse();

  function resolve(channel: string): ResolvedRule {
    let settings: Settings | undefined;
    for (const { pattern, parametersIn, rule, ...of } of rules) {
      const params = parametersIn(channel);
      if (params) {
        const own = isTheHubs(channel, pattern) ? of.settingsOfHubs : of.settings;
        settings = Object.assign(settings ?? { ...DEFAULTS }, own, rightsOf(rule, pattern, channel, params));
      }
    }
    // Of no rule's: the same for all, as clients may come with a new channel each time.
    return settings ? resolvedFrom(settings) : PLAIN;
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

function resolvedFrom({ count, ageMs, bytes, ...rest }: Settings): ResolvedRule {
  return { ...rest, retain: { count, ageMs, bytes } };
}

/**
 * Whether the hub itself writes what is on a channel. A rule for every channel does not mean it, because its messages have forms of
 * their own, and each join and each leave is news. The console's channels have a name of their own: a pattern with that name means them.
 */
function isTheHubs(channel: string, pattern: string): boolean {
  if (channel.endsWith(PRESENCE_SUFFIX) || isOwnChannel(channel)) return true;
  return isOperatorChannel(channel) && !isOperatorChannel(pattern);
}

function settingsOf({ retain = {}, ephemeral, read, publish, ...rest }: ChannelRule): Partial<Settings> {
  // Not being ephemeral is a setting too: it stands against a later pattern that is.
  const count = ephemeral === undefined ? undefined : ephemeral ? 0 : DEFAULTS.count;
  return { ...said({ count }), ...said(retain), ...said(rest) };
}

function rightsOf(
  { read, publish }: ChannelRule,
  pattern: string,
  channel: string,
  params: RightRule['params'],
): Partial<Settings> {
  // Whoever meant every channel of the application did not mean the hub's own.
  const opens = isOperatorChannel(pattern) || !isOperatorChannel(channel);
  const ruleOf = (audience: RightRule['audience'] | undefined): RightRule | undefined => {
    if (audience === undefined) return undefined;
    return { audience: opens || audience === 'nobody' ? audience : 'granted', params };
  };
  return said({ read: ruleOf(read), publish: ruleOf(publish) });
}

/** A setting that is undefined, as a program in JavaScript may have it, says nothing. */
function said<T extends object>(settings: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const named = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
