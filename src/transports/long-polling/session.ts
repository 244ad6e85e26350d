import { collectSession } from '../collected-session.ts';
import type { Exchange, SessionRequest } from '../exchange.ts';
import { capabilities } from './capabilities.ts';

/** Answers as soon as there is a message, else at the limit. */
export async function serveLongPollSession(exchange: Exchange, request: SessionRequest): Promise<void> {
  const parked = await collectSession(exchange, capabilities.name, request, (collected) => {
    // At the end of the tick, so that what other channels bring with it comes along.
    setImmediate(() => collected.answer());
  });
  if (parked.hasItems() || exchange.response.destroyed) return;
  const limit = setTimeout(() => parked.answer(), request.waitSeconds * 1000);
  exchange.response.on('close', () => clearTimeout(limit));
}
