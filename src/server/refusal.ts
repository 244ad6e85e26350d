import type { FanwireError } from '../protocol/errors.ts';
import { isPassing } from '../protocol/problems.ts';
import { setConnectionHeaders } from './connection-headers.ts';
import { preferred } from './negotiation.ts';
import type { NodeReply } from './node-exchange.ts';
import { problemJson, sendProblem } from './problem.ts';

/** @param retryMs when a channel was to be read: what an EventSource is told to wait, if the refusal passes */
export function refuseRequest(reply: NodeReply, error: FanwireError, retryMs: number | undefined): void {
  const { request, response, headers } = reply;
  if (response.headersSent) {
    sendProblem(response, error, headers);
    return;
  }
  // An idle connection more is what there is no room for.
  if (error.code === 'too_many_connections') setConnectionHeaders(response, { Connection: 'close' });
  const transport = retryMs === undefined || !isPassing(error.code) ? undefined : preferred(request)?.[0];
  if (transport?.putOff) transport.putOff(reply, error, problemJson(error), retryMs!);
  else sendProblem(response, error, headers);
}
