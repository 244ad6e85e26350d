import { CLOSE, closeCodeOf, GOODBYE_MS } from '../../protocol/close-codes.ts';
import type { FanwireError } from '../../protocol/errors.ts';
import type { WebTransportSession } from '../session-offer.ts';

/** Closes a session once what was written last had time to arrive: closing lets go of what is on its way. */
export function closeGently(session: WebTransportSession, reason: FanwireError | undefined): void {
  const code = reason ? closeCodeOf(reason.code) : CLOSE.restart;
  const timer = setTimeout(() => session.close(code, reason?.code ?? 'draining'), GOODBYE_MS);
  session.onclose = () => clearTimeout(timer);
}
