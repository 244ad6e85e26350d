import { collectSession } from '../collected-session.ts';
import type { Exchange, SessionRequest } from '../exchange.ts';

/** Answers once every frame has been handled and every subscription has given what there is. */
export async function servePollSession(exchange: Exchange, request: SessionRequest): Promise<void> {
  const collected = await collectSession(exchange, 'polling', request);
  collected.answer();
}
