import { collectSession } from '../collected-session.ts';
import type { Exchange, SessionRequest } from '../exchange.ts';

/** Answers as soon as there is a message or an error, else at the limit. */
export async function serveLongPollSession(exchange: Exchange, request: SessionRequest): Promise<void> {
  const collected = await collectSession(exchange, 'long-polling', request);
  collected.park(request.waitSeconds);
}
