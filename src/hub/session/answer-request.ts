import { FanwireError } from '../../protocol/errors.ts';
import type { HubOptions, RequestContext } from '../options.ts';

/**
 * Answers the SDK's `request` by the handler of its method.
 * @param report is told of what a handler throws that is not for the client
 * @throws FanwireError `unknown_method`, `request_failed`, or the handler's own
 */
export async function answerRequest(
  handlers: NonNullable<HubOptions['requests']>,
  { method, data }: { readonly method: string; readonly data?: unknown },
  context: RequestContext,
  report: (error: unknown) => void,
): Promise<unknown> {
  if (!Object.hasOwn(handlers, method)) {
    throw new FanwireError('unknown_method', `no handler for “${method.slice(0, 60)}” in requests`);
  }
  try {
    return await handlers[method]!(data, context);
  } catch (error) {
    if (error instanceof FanwireError) throw error;
    report(error);
    throw new FanwireError('request_failed', `the handler of ${method} failed`);
  }
}
