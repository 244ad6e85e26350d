import type { ChannelRule } from '../hub/authorisation/channel-rule.ts';
import type { Defined } from '../protocol/typed/channels.ts';
import type { ParametersOf } from '../protocol/typed/names.ts';

/** A function of a rule knows the parameters of the rule's pattern. */
type WithParameters<Setting, Pattern extends string> = Setting extends (
  request: infer Request,
) => infer Answer
  ? (request: Omit<Request, 'params'> & { readonly params: ParametersOf<Pattern> }) => Answer
  : Setting;

type RuleOf<Pattern extends string> = {
  readonly [Setting in keyof ChannelRule]: WithParameters<ChannelRule[Setting], Pattern>;
};

/** A rule for each pattern, with no setting that there is not. */
type Rules<Channels> = {
  readonly [Pattern in keyof Channels & string]: RuleOf<Pattern> & {
    readonly [Unknown in Exclude<keyof Channels[Pattern], keyof ChannelRule>]: never;
  };
};

/**
 * Rules and schemas of channels by pattern, for both ends: the hub checks by them, and clients know their types. Returns what it is given.
 *
 * @example
 * ```ts
 * import { defineChannels } from 'fanwire/channels';
 * import * as v from 'valibot';
 *
 * export const channels = defineChannels({
 *   'chat.{room}': {
 *     message: v.object({ text: v.string() }),
 *     presence: v.object({ name: v.string() }),
 *     publish: 'authenticated',
 *     retain: { count: 500 },
 *   },
 *   'match.{id}': {
 *     message: { goal: v.object({ minute: v.number() }), end: v.null() },
 *     publish: 'nobody',
 *   },
 * });
 * ```
 */
export function defineChannels<const Channels extends Rules<Channels>>(
  channels: Channels,
): Channels & Defined<Channels> {
  return channels as Channels & Defined<Channels>;
}
