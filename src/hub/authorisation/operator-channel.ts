/**
 * Channels about the hub itself, and patterns of them: where an operator's token is set, they are nobody else's, and a
 * grant of every channel does not reach them.
 */
export function isOperatorChannel(channel: string): boolean {
  return channel.startsWith('console:');
}
