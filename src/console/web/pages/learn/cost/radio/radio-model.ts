/** What a phone's radio is made to do. Seconds, and messages a minute. */
export interface RadioPlan {
  readonly messagesAMinute: number;
  /** An idle connection gives a sign of life so often; a long poll without news ends then. */
  readonly heartbeatSeconds: number;
  readonly pollSeconds: number;
  /** At most one message in so long, the newest. 0: each as it comes. */
  readonly conflateSeconds: number;
  /** How long the radio stays awake after the last byte. */
  readonly tailSeconds: number;
}

export interface RadioUse {
  readonly wakeUpsAMinute: number;
  /** The share of the time that the radio is awake: 0 to 1. */
  readonly awake: number;
}

/**
 * A held connection: something crosses it with each message, and after a silence of a heartbeat. Messages come at random
 * times, so that the times between are exponential, after a conflation's rest.
 */
export function heldUse(plan: RadioPlan): RadioUse {
  const { heartbeatSeconds, tailSeconds } = plan;
  const between = meanUpTo(heartbeatSeconds, plan);
  const rests = heartbeatSeconds > tailSeconds ? chanceOfLonger(tailSeconds, plan) : 0;
  return {
    wakeUpsAMinute: (60 * rests) / between,
    awake: meanUpTo(Math.min(heartbeatSeconds, tailSeconds), plan) / between,
  };
}

/** A question each interval, whether or not there is news. */
export function pollUse({ pollSeconds, tailSeconds }: RadioPlan): RadioUse {
  return {
    wakeUpsAMinute: pollSeconds > tailSeconds ? 60 / pollSeconds : 0,
    awake: Math.min(1, tailSeconds / pollSeconds),
  };
}

/** The chance that the next message is further away than so many seconds. */
function chanceOfLonger(seconds: number, { messagesAMinute, conflateSeconds }: RadioPlan): number {
  return Math.exp((-messagesAMinute / 60) * Math.max(0, seconds - conflateSeconds));
}

/** The mean of the seconds to the next message, cut at a limit. */
function meanUpTo(limit: number, plan: RadioPlan): number {
  const { messagesAMinute, conflateSeconds } = plan;
  if (limit <= conflateSeconds || messagesAMinute === 0) return limit;
  return conflateSeconds + (1 - chanceOfLonger(limit, plan)) / (messagesAMinute / 60);
}
