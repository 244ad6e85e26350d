import { checkRead } from '../hub/authorisation/check-rights.ts';
import { membersPage } from '../hub/presence/members-page.ts';
import { FanwireError } from '../protocol/errors.ts';
import { membersPageOf } from './channel-url.ts';
import { queryOf } from './request-url.ts';
import type { ServerExchange } from './server-exchange.ts';

/** `GET` of who is on a channel, a page at a time. */
export async function servePresence(exchange: ServerExchange, channels: readonly string[]): Promise<void> {
  const { hub, caller, request, headers } = exchange;
  const [channel, ...others] = channels;
  if (others.length > 0)
    throw new FanwireError('invalid_channel', 'presence is asked of one channel at a time');
  const asked = checkRead(caller.access, [channel!]);
  if (asked) await asked;
  const { after, limit } = membersPageOf(queryOf(request));
  const answer = await membersPage(hub, channel!, limit, after);
  const head = { ...headers, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  exchange.send(200, head, JSON.stringify(answer));
}
