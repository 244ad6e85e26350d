import type { TcpTransport } from '../../../../../protocol/transport-name.ts';
import type { Readings } from './readings.ts';

/** What the visitor plans. */
export interface Plan {
  readonly users: number;
  /** Of a timer that polls. */
  readonly intervalSeconds: number;
  /** That each user gets in an hour, spread evenly. */
  readonly messagesAnHour: number;
}

/** Of all users together. */
export interface Estimate {
  readonly requestsASecond: number;
  /** Both ways. Undefined while something of it has not been measured. */
  readonly bytesASecond: number | undefined;
}

/** How long a long poll is parked where nothing comes: the field says 30 to 60 s. */
export const LIMIT_SECONDS = 30;

const HOUR_SECONDS = 3600;

export const ESTIMATED = [
  'polling',
  'long-polling',
  'sse',
  'websocket',
] as const satisfies readonly TcpTransport[];

export type EstimatedName = (typeof ESTIMATED)[number];

/** What was measured of one client, times the users. Signs of life are not in it. */
export function estimate(name: EstimatedName, plan: Plan, measured: Readings): Estimate {
  const perUser = ofOneUser(name, plan, measured);
  return {
    requestsASecond: (plan.users * perUser.requests) / HOUR_SECONDS,
    bytesASecond: Number.isNaN(perUser.bytes) ? undefined : (plan.users * perUser.bytes) / HOUR_SECONDS,
  };
}

/** In an hour. A reading that is missing makes the bytes NaN. */
function ofOneUser(
  name: EstimatedName,
  { intervalSeconds, messagesAnHour }: Plan,
  measured: Readings,
): { requests: number; bytes: number } {
  const unknown = Number.NaN;
  switch (name) {
    case 'polling': {
      const requests = HOUR_SECONDS / intervalSeconds;
      const { poll = unknown, pollWithMessage = unknown } = measured;
      return { requests, bytes: requests * poll + messagesAnHour * (pollWithMessage - poll) };
    }
    case 'long-polling': {
      const { longPoll = unknown, longPollWithMessage = unknown } = measured;
      // Each message answers a request; where messages are rarer than the limit, it answers the others.
      const unanswered = Math.max(0, HOUR_SECONDS / LIMIT_SECONDS - messagesAnHour);
      return {
        requests: messagesAnHour + unanswered,
        bytes: messagesAnHour * longPollWithMessage + unanswered * longPoll,
      };
    }
    case 'sse':
      return { requests: 0, bytes: messagesAnHour * (measured.event ?? unknown) };
    case 'websocket':
      return { requests: 0, bytes: messagesAnHour * (measured.frame ?? unknown) };
  }
}
