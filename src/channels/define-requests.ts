import type { RequestDefinitions } from '../protocol/typed/requests.ts';

/**
 * Schemas of requests by method, for both ends. Returns what it is given.
 *
 * @example
 * ```ts
 * import { defineRequests } from 'fanwire/channels';
 * import * as v from 'valibot';
 *
 * export const requests = defineRequests({
 *   rename: { data: v.object({ name: v.string() }), answer: v.boolean() },
 * });
 * ```
 */
export function defineRequests<const Requests extends RequestDefinitions>(requests: Requests): Requests {
  return requests;
}
