import type { HelloFrame } from '../../protocol/frames.ts';
import type { Environment } from '../environment.ts';
import { errorOfAnswer } from '../failure.ts';

export interface Post {
  readonly frames: readonly string[];
  /** The type of the answer: a stream, or one array of frames. */
  readonly accept: string;
  readonly signal: AbortSignal;
  /** Seconds the hub may hold the answer back for the first message. */
  readonly wait?: number;
  /** Whether the request outlives the page. */
  readonly keepalive?: boolean;
}

/**
 * One request to the SDK's endpoint.
 * @throws TransportError unless the answer is a success of the type asked for; what `fetch` throws when
 *   nothing answers
 */
export async function post(environment: Environment, request: Post): Promise<Response> {
  const { endpoint, clientId, tokens, why, headers, credentials = 'same-origin' } = environment;
  const { frames, accept, signal, wait, keepalive = false } = request;
  const token = await tokens.get();
  const hello: HelloFrame = { hello: { client: clientId, wait, why: why?.() } };
  const response = await environment.fetch(endpoint, {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      Accept: accept,
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: `[${[JSON.stringify(hello), ...frames]}]`,
    cache: 'no-store',
    signal,
    credentials,
    keepalive,
  });
  const contentType = response.headers.get('content-type');
  if (response.ok && contentType?.startsWith(accept)) return response;
  const retryAfter = response.headers.get('retry-after');
  const body = contentType?.includes('json') ? await response.text() : '';
  throw errorOfAnswer({ status: response.status, contentType, retryAfter, body });
}
