/** Of channels by pattern, as `defineChannels` is given them, whatever their rules are. */
type PatternOf<Channels> = keyof Channels & string;

/** The names of a pattern's parameters. */
type ParameterOf<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/** A value for each parameter of a pattern: `{room: string}` for `chat.{room}`. */
export type ParametersOf<Pattern extends string> = { readonly [Name in ParameterOf<Pattern>]: string };

/** The names that a pattern may match: `chat.${string}` for `chat.{room}` and for `chat.*`. */
type NamesOf<Pattern extends string> = Pattern extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${string}${NamesOf<After>}`
  : Pattern extends `${infer Before}*${infer After}`
    ? `${Before}${string}${NamesOf<After>}`
    : Pattern;

/** The text of a pattern up to its next parameter or star. */
type TextOf<Pattern extends string> = Pattern extends `${infer Text}{${string}`
  ? Text
  : Pattern extends `${infer Text}*${string}`
    ? Text
    : Pattern;

/** What the parameters of a pattern would stand for in a name. */
type ValuesIn<
  Name extends string,
  Pattern extends string,
> = Pattern extends `${infer Before}{${string}}${infer After}`
  ? TextOf<After> extends ''
    ? Name extends `${Before}${infer Value}`
      ? Value
      : never
    : Name extends `${Before}${infer Value}${TextOf<After>}${infer Rest}`
      ? Value | ValuesIn<`${TextOf<After>}${Rest}`, After>
      : never
  : never;

/** What no parameter stands for, as far as the type of a name shows it. */
type NoSegment = '' | `${string}${'.' | ':' | '{' | '}' | '*'}${string}`;

type IsMatched<Name extends string, Pattern extends string> =
  Name extends NamesOf<Pattern>
    ? [Extract<ValuesIn<Name, Pattern>, NoSegment>] extends [never]
      ? true
      : false
    : false;

/** The patterns that match a channel: itself alone, where it stands among them. */
export type MatchingOf<Channels, Name extends string> =
  Name extends PatternOf<Channels>
    ? Name
    : {
        [Pattern in PatternOf<Channels>]: IsMatched<Name, Pattern> extends true ? Pattern : never;
      }[PatternOf<Channels>];

/** The channels that can be published to. */
export type ChannelName<Channels> = NamesOf<PatternOf<Channels>>;

/** The channels that can be read: those of presence, too. */
export type ReadableName<Channels> =
  ChannelName<Channels> extends infer Name extends string ? Name | `${Name}:presence` : never;

/** The name, if a pattern matches it; else a sentence that it is not assignable to. */
export type CheckedName<Channels, Name extends string> = Name extends `${infer Channel}:presence`
  ? CheckedName<Channels, Channel> extends Channel
    ? Name
    : CheckedName<Channels, Channel>
  : Name extends `${string}${'{' | '*'}${string}`
    ? `${Name} is a pattern, not a channel`
    : [MatchingOf<Channels, Name>] extends [never]
      ? `no pattern matches ${Name}`
      : Name;

/**
 * What is never given. A method has an overload that takes a pattern and this, by which editors complete the pattern where a channel is to
 * stand: the names that a pattern may match are no list.
 */
export type Never = readonly [never, never, never, never];

/** The name that a pattern becomes with values for its parameters. */
export type FilledName<
  Pattern extends string,
  Values,
> = Pattern extends `${infer Before}{${infer Name}}${infer After}`
  ? Name extends keyof Values
    ? `${Before}${Values[Name] & string}${FilledName<After, Values>}`
    : never
  : Pattern;
