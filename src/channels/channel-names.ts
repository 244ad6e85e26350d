import { FanwireError } from '../protocol/errors.ts';
import type { FilledName, ParametersOf } from '../protocol/typed/names.ts';

const SEGMENT = /^[A-Za-z0-9_-]+$/;

/**
 * Gives a function that names a channel by its pattern and the values of its parameters, both of which an editor completes.
 *
 * @returns throws FanwireError `invalid_channel` for a value that no parameter stands for, such as one with a dot
 * @example
 * ```ts
 * import { channelNames, defineChannels } from 'fanwire/channels';
 *
 * const channels = defineChannels({ 'chat.{room}': { read: 'anyone' } });
 * const channel = channelNames<typeof channels>();
 * console.log(channel('chat.{room}', { room: 'lobby' })); // chat.lobby
 * ```
 */
export function channelNames<Channels>(): <
  const Pattern extends keyof Channels & string,
  const Values extends ParametersOf<Pattern>,
>(
  pattern: Pattern,
  values: Values,
) => FilledName<Pattern, Values> {
  return (pattern, values) => {
    const given: Readonly<Record<string, string>> = values;
    return pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = given[name];
      if (typeof value === 'string' && SEGMENT.test(value)) return value;
      throw new FanwireError(
        'invalid_channel',
        `${name} of ${pattern}: ${JSON.stringify(value)} is not one or more of A-Z a-z 0-9 _ -`,
      );
    }) as FilledName<typeof pattern, typeof values>;
  };
}
