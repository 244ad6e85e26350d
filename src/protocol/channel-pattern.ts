const CHARACTERS = /^[A-Za-z0-9._:*-]+$/;
const MAX_LENGTH = 200;
const PARAMETER = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** What a pattern that is refused should have been. */
export const CHANNEL_PATTERN_RULE =
  'a channel pattern is a channel name in which * stands for any characters, and {name} for one or more without . and :';

export function isChannelPattern(pattern: string): boolean {
  return channelPatternFault(pattern) === undefined;
}

/** Says what a text that is no channel pattern should have been; undefined if it is one. */
export function channelPatternFault(pattern: string): string | undefined {
  const names = Array.from(pattern.matchAll(PARAMETER), ([, name]) => name);
  const rest = pattern.replace(PARAMETER, 'x');
  if (/[{}]/.test(rest)) return 'a parameter is letters, digits and _ in braces, no digit first: chat.{room}';
  if (pattern.length > MAX_LENGTH || !CHARACTERS.test(rest)) return CHANNEL_PATTERN_RULE;
  if (names.length === 0) return undefined;
  // A channel then has one way at most to match, which is found without backtracking.
  if (/\}[^.:]*\{/.test(pattern)) return 'two parameters have a . or : between them: {room}.{user}';
  if (/\*.|\}[^.:]*\*/.test(pattern)) {
    return 'beside parameters * ends the pattern, in a segment without one: chat.{room}.*';
  }
  if (new Set(names).size < names.length) return 'each parameter of a pattern has a name of its own';
  return undefined;
}

/**
 * Compiles a channel pattern: `*` stands for any run of characters, the empty one too, and `{name}` for one or more
 * characters without `.` and `:`.
 */
export function channelMatcher(pattern: string): (channel: string) => boolean {
  if (pattern.includes('{')) {
    const expression = expressionOf(pattern);
    return (channel) => expression.test(channel);
  }
  const star = pattern.indexOf('*');
  if (star === -1) return (channel) => channel === pattern;
  if (star === pattern.length - 1) {
    const prefix = pattern.slice(0, star);
    return (channel) => channel.startsWith(prefix);
  }
  const pieces = pattern.split('*');
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  const inner = pieces.slice(1, -1);
  // Piece by piece from the left: no backtracking, so that no pattern is slow on any name.
  return (channel) => {
    if (channel.length < first.length + last.length) return false;
    if (!channel.startsWith(first) || !channel.endsWith(last)) return false;
    const end = channel.length - last.length;
    let at = first.length;
    for (const piece of inner) {
      const found = channel.indexOf(piece, at);
      if (found === -1 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}

/**
 * Compiles a channel pattern to a function that gives what the parameters stand for in a channel: for `chat.{room}` and
 * `chat.lobby` it is `{room: 'lobby'}`. It gives undefined for a channel that the pattern does not match.
 */
export function channelParameters(
  pattern: string,
): (channel: string) => Readonly<Record<string, string>> | undefined {
  if (!pattern.includes('{')) {
    const matches = channelMatcher(pattern);
    return (channel) => (matches(channel) ? {} : undefined);
  }
  const expression = expressionOf(pattern);
  return (channel) => {
    const match = expression.exec(channel);
    return match ? { ...match.groups } : undefined;
  };
}

/** Of a pattern with parameters. */
function expressionOf(pattern: string): RegExp {
  const source = pattern
    .replaceAll('.', '\\.')
    .replace('*', '.*')
    .replace(PARAMETER, '(?<$1>[A-Za-z0-9_-]+)');
  return new RegExp(`^${source}$`);
}
