/** What clients may take of an engine. README.md says what happens to who wants more. */
export interface EngineLimits {
  /** Sessions, and connections that will be one: about 200 KB of memory each. */
  sessions: number;
  /** Those of one address; of IPv6, of the 64 bits that one customer has. */
  sessionsPerAddress: number;
  /** Handshakes under way, each about 8 ms of CPU. */
  handshakes: number;
  /** With this many under way, a client has to prove its address first: a round trip for it, and no work for us. */
  handshakesUnproven: number;
  /** How long a client may take from its first packet to its request for a session. */
  handshakeMs: number;
  /** How long nothing may come from a client. Half of it after the last packet the engine asks for a sign of life. */
  idleMs: number;
  /** Streams that are open in a session at the same time, of either kind, for each end that opens them. */
  streamsPerSession: number;
  /** Bytes that may wait in a stream for its peer. A write to one that holds as many throws. */
  queuedBytesPerStream: number;
}

export const DEFAULT_LIMITS: Readonly<EngineLimits> = {
  sessions: 5_000,
  sessionsPerAddress: 1_000,
  handshakes: 256,
  handshakesUnproven: 32,
  handshakeMs: 10_000,
  idleMs: 30_000,
  streamsPerSession: 100,
  queuedBytesPerStream: 1024 * 1024,
};

/** @throws RangeError naming the limit that is not a whole number above 0 */
export function limitsWith(given: Partial<EngineLimits> = {}): EngineLimits {
  const limits = { ...DEFAULT_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(`${name} has to be a whole number above 0`);
  }
  return limits;
}
