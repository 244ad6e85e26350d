import type { ServerFrame } from '../../protocol/frames.ts';
import type { Environment } from '../environment.ts';
import { GARBLED, TransportError } from '../failure.ts';
import { type Post, post } from './post.ts';

/**
 * A request whose answer has all frames at once.
 * @throws as `post` does, and TransportError when the answer is not complete within `limitMs`
 */
export async function ask(
  environment: Environment,
  request: Omit<Post, 'accept' | 'signal'>,
  own: AbortController,
  limitMs: number,
): Promise<ServerFrame[]> {
  const timer = environment.runtime.setTimeout(
    () => own.abort(new TransportError('mute', 'no answer')),
    limitMs,
  );
  try {
    const response = await post(environment, { ...request, accept: 'application/json', signal: own.signal });
    const frames = await response.json();
    if (frames?.[0]?.welcome) return frames;
    throw GARBLED;
  } finally {
    environment.runtime.clear(timer);
  }
}
