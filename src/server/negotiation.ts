import { FanwireError } from '../protocol/errors.ts';
import type { RequestTransport } from '../transports/transport.ts';
import { REQUEST_TRANSPORTS } from '../transports/transports.ts';
import { memo } from './memo.ts';
import type { RequestHead } from './request-head.ts';

/** The transports of each media type, which are in order of preference among those that a client likes equally. */
const OFFERED = new Map<string, RequestTransport[]>();
for (const transport of REQUEST_TRANSPORTS) {
  const others = OFFERED.get(transport.mediaType);
  if (others) others.push(transport);
  else OFFERED.set(transport.mediaType, [transport]);
}

/**
 * The transports among which a request has chosen, by the `Accept` header (RFC 9110 section 12.5.1): those of JSON without one.
 * @throws FanwireError `not_acceptable`
 */
export function negotiate({ headers }: Pick<RequestHead, 'headers'>): readonly RequestTransport[] {
  const best = preferred({ headers });
  if (best) return best;
  throw new FanwireError(
    'not_acceptable',
    `the header Accept allows none of ${[...OFFERED.keys()].join(', ')}: the transport is chosen by it`,
  );
}

/** The same, undefined where the header allows none. */
export function preferred({
  headers,
}: Pick<RequestHead, 'headers'>): readonly RequestTransport[] | undefined {
  return bestFor(headers.accept?.trim() || '*/*');
}

const bestFor = memo((accept: string): readonly RequestTransport[] | undefined => {
  const qualityOf = qualitiesIn(accept);
  let best: readonly RequestTransport[] | undefined;
  let bestQuality = 0;
  for (const [mediaType, transports] of OFFERED) {
    const quality = qualityOf(mediaType);
    if (quality > bestQuality) {
      best = transports;
      bestQuality = quality;
    }
  }
  return best;
});

interface Range {
  readonly type: string;
  readonly quality: number;
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
}

/** How much a client likes each media type, by its `Accept`; 0 for one that it does not take. The most specific range that covers a type decides. */
export function qualitiesIn(accept: string): (mediaType: string) => number {
  const ranges = accept.split(',').map(readRange);
  return (offered) => {
    for (const covering of [offered, `${offered.split('/')[0]}/*`, '*/*']) {
      const range = ranges.find(({ type }) => type === covering);
      if (range) return range.quality;
    }
    return 0;
  };
}

/** How long the client is ready to wait, in seconds: `?wait=`, else `Prefer: wait=` (RFC 7240 section 4.3). */
export function waitOf(
  { headers }: Pick<RequestHead, 'headers'>,
  query: URLSearchParams,
  maxSeconds: number,
): number {
  const asked = query.get('wait');
  if (asked !== null && !/^\d+(\.\d+)?$/.test(asked)) {
    throw new FanwireError('invalid_parameter', 'wait: expected a number of seconds, 0 or more');
  }
  // A preference that can't be understood is to be ignored (RFC 7240 section 2).
  const preferred = /(?:^|[,;\s])wait\s*=\s*"?(\d+)/i.exec(String(headers.prefer ?? ''))?.[1];
  return Math.min(Number(asked ?? preferred ?? 0), maxSeconds);
}
