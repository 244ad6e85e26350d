const PATTERN = /^[A-Za-z0-9._:*-]{1,200}$/;

export const CHANNEL_PATTERN_RULE =
  'a channel pattern is a channel name in which * stands for any characters';

export function isChannelPattern(pattern: string): boolean {
  return PATTERN.test(pattern);
}

/** Compiles a channel pattern; `*` stands for any run of characters, the empty one too. */
export function channelMatcher(pattern: string): (channel: string) => boolean {
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
