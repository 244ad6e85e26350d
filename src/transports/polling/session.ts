import { collectSession } from '../collected-session.ts';
import type { Exchange, SessionRequest } from '../exchange.ts';
import { capabilities } from './capabilities.ts';

/** Answers once every frame has been handled and every subscription has given what there is. */
export async function servePollSession(exchange: Exchange, request: SessionRequest): Promise<void> {
  exchange.hub.meter.polls += 1;
  const collected = await collectSession(exchange, capabilities.name, request, () => {});
  collected.answer();
}
