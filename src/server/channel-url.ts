import { CHANNEL_NAME_RULE, isChannelName } from '../protocol/channel-name.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { isPageToken, PAGE_TOKEN_RULE } from '../protocol/page-token.ts';
import type { Start } from '../protocol/start.ts';
import { readStart } from '../protocol/start-reader.ts';

/**
 * The channels that a path names, `a` or `a,b,c`.
 * @throws FanwireError `invalid_channel`, `too_many_channels`
 */
export function channelsOf(segment: string, limits: Limits): readonly string[] {
  return namedChannels(decoded(segment).split(','), limits);
}

/**
 * Channels by their names, each once.
 * @throws FanwireError `invalid_channel`, `too_many_channels`
 */
export function namedChannels(names: readonly string[], limits: Limits): readonly string[] {
  const channels = [...new Set(names)];
  if (channels.length === 0) throw new FanwireError('invalid_channel', 'name one channel at least');
  const invalid = channels.find((channel) => !isChannelName(channel));
  if (invalid !== undefined) {
    throw new FanwireError('invalid_channel', `“${invalid.slice(0, 60)}”: ${CHANNEL_NAME_RULE}`);
  }
  if (channels.length > limits.channelsPerRequest) {
    throw new FanwireError(
      'too_many_channels',
      `a request reads at most ${limits.channelsPerRequest} channels (channelsPerRequest)`,
    );
  }
  return channels;
}

/**
 * Where a URL says to start.
 * @param lastEventId what an EventSource that reconnects has got so far; it knows better than its URL
 * @throws FanwireError `invalid_position`, `invalid_parameter`
 */
export function startOf(query: URLSearchParams, lastEventId?: string): Start | undefined {
  if (lastEventId) return readStart(lastEventId, undefined);
  return startGiven(query.get('after'), wholeNumber(query, 'last'));
}

/**
 * Where a request says to start.
 * @throws FanwireError `invalid_position`, `invalid_parameter`
 */
export function startGiven(
  after: string | null | undefined,
  last: number | null | undefined,
): Start | undefined {
  if (last != null && after != null) {
    throw new FanwireError('invalid_parameter', 'give either after or last, not both');
  }
  return readStart(after ?? undefined, atLeast('last', last ?? undefined));
}

/** @throws FanwireError `invalid_parameter` */
export function limitOf(query: URLSearchParams, limits: Limits): number {
  return Math.min(wholeNumber(query, 'limit') ?? limits.pageMessages, limits.pageMessages);
}

/**
 * Which page of a channel's members a URL asks for.
 * @throws FanwireError `invalid_parameter`
 */
export function membersPageOf(query: URLSearchParams): { after?: string; limit: number | undefined } {
  const after = query.get('after');
  if (after !== null && !isPageToken(after)) {
    throw new FanwireError('invalid_parameter', `after: expected ${PAGE_TOKEN_RULE}`);
  }
  return { ...(after !== null && { after }), limit: wholeNumber(query, 'limit', 0) };
}

function wholeNumber(query: URLSearchParams, name: string, min = 1): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  return atLeast(name, /^\d+$/.test(text) ? Number(text) : Number.NaN, min);
}

/** @throws FanwireError `invalid_parameter` */
export function atLeast(name: string, value: number | undefined, min = 1): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= min)) return value;
  throw new FanwireError('invalid_parameter', `${name}: expected a whole number of ${min} or more`);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new FanwireError('invalid_channel', `the path is not percent-encoded UTF-8; ${CHANNEL_NAME_RULE}`);
  }
}
