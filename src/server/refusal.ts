import type { FanwireError } from '../protocol/errors.ts';
import { isPassing, problemJson } from '../protocol/problems.ts';
import { preferred } from './negotiation.ts';
import type { ServerReply } from './server-exchange.ts';

/** @param retryMs when a channel was to be read: what an EventSource is told to wait, if the refusal passes */
export function refuseRequest(reply: ServerReply, error: FanwireError, retryMs: number | undefined): void {
  const transport =
    retryMs === undefined || !isPassing(error.code) ? undefined : preferred(reply.request)?.[0];
  if (transport?.putOff && !reply.begun) transport.putOff(reply, error, problemJson(error), retryMs!);
  else reply.sendProblem(error);
}
