import { collectSession } from '../collected-session.ts';
import { type Exchange, isAbandoned, type SessionRequest } from '../exchange.ts';
import { capabilities } from './capabilities.ts';

/** Answers as soon as there is a message or an error, else at the limit. */
export async function serveLongPollSession(exchange: Exchange, request: SessionRequest): Promise<void> {
  const parked = await collectSession(exchange, capabilities.name, request, (collected) => {
    // At the end of the tick, so that what other channels bring with it comes along.
    setImmediate(() => collected.answer());
  });
  if (isAbandoned(exchange.response)) return;
  // An error is news as well: parked, it would be told only at the limit.
  if (parked.hasItems() || parked.session.refusals > 0) {
    parked.answer();
    return;
  }
  const limit = setTimeout(() => parked.answer(), request.waitSeconds * 1000);
  exchange.response.on('close', () => clearTimeout(limit));
}
