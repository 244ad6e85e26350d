import type { GivenOf, HandledOf, RequestDefinitions } from '../../protocol/typed/requests.ts';
import type { HubOptions, RequestContext } from '../options.ts';
import { asFault, checkedBy } from '../schema-check.ts';

/** A handler for each request that was defined. */
export type RequestHandlers<Requests> = {
  readonly [Method in keyof Requests]: (
    data: HandledOf<Requests[Method]>,
    context: RequestContext,
  ) => GivenOf<Requests[Method]> | Promise<GivenOf<Requests[Method]>>;
};

/**
 * Handlers for the hub's option `requests`, typed and checked by what `defineRequests` was given. A handler gets what the schema of `data`
 * returns, and the client what the schema of `answer` returns.
 *
 * @returns functions that throw FanwireError `invalid_data` for what a client has sent, and TypeError for an answer that is none
 * @throws TypeError for a request without a handler, and a handler without a request
 * @example
 * ```ts
 * import { createHub, handleRequests } from 'fanwire';
 * import { defineRequests } from 'fanwire/channels';
 * import * as v from 'valibot';
 *
 * const requests = defineRequests({
 *   add: { data: v.object({ a: v.number(), b: v.number() }), answer: v.number() },
 * });
 * const hub = createHub({ requests: handleRequests(requests, { add: ({ a, b }) => a + b }) });
 * ```
 */
export function handleRequests<const Requests extends RequestDefinitions>(
  requests: Requests,
  handlers: RequestHandlers<Requests>,
): NonNullable<HubOptions['requests']> {
  assertSame(Object.keys(requests), Object.keys(handlers));
  return Object.fromEntries(
    Object.entries(requests).map(([method, { data: takes, answer: gives }]) => {
      const handler = handlers[method] as (data: unknown, context: RequestContext) => unknown;
      const handle = async (data: unknown, context: RequestContext): Promise<unknown> => {
        const given = await handler(
          takes ? await checkedBy(takes, data, `data for ${method}`) : data,
          context,
        );
        if (!gives) return given;
        return await checkedBy(gives, given, `answer of ${method}`).catch((error: unknown) => asFault(error));
      };
      return [method, handle];
    }),
  );
}

function assertSame(requests: readonly string[], handlers: readonly string[]): void {
  const missing = requests.find((method) => !handlers.includes(method));
  if (missing !== undefined) throw new TypeError(`handleRequests: ${missing} has no handler`);
  const unknown = handlers.find((method) => !requests.includes(method));
  if (unknown !== undefined) throw new TypeError(`handleRequests: no request is called ${unknown}`);
}
