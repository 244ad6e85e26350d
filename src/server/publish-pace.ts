import type { PublishPace } from '../hub/publishing/publish-pace.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { networkOf } from './address.ts';
import { RateLimiter } from './rate-limiter.ts';

type PaceLimits = Pick<Limits, 'publishesPerSecond' | 'publishBytesPerSecond'>;

/** Holds the publishers of each network to so many messages and so many bytes a second. */
export function createPublishPace({ publishesPerSecond, publishBytesPerSecond }: PaceLimits): PublishPace {
  const limiter = new RateLimiter(publishesPerSecond, publishBytesPerSecond);
  return {
    take(address, messages, bytes) {
      const wait = limiter.take(networkOf(address), performance.now(), messages, bytes);
      if (wait < Infinity) return wait;
      throw new FanwireError(
        messages === 1 ? 'message_too_large' : 'batch_too_large',
        `one address may publish ${2 * publishesPerSecond} messages (twice publishesPerSecond) and ` +
          `${2 * publishBytesPerSecond} bytes (twice publishBytesPerSecond) at once, not ${messages} and ${bytes}`,
      );
    },
  };
}
