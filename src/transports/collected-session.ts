import { type FrameSink, Session } from '../hub/session/session.ts';
import { formatPosition } from '../protocol/position.ts';
import { type Exchange, isAbandoned, type SessionRequest } from './exchange.ts';
import { framesFormat, sendJson } from './json-answer.ts';
import { receiveFrames } from './receive-frames.ts';

/** Beyond so much text an answer takes no more messages; the client asks again at once. */
const ANSWER_LENGTH = 256 * 1024;

/** A session whose frames are gathered for one answer in JSON. */
export interface CollectedSession {
  readonly session: Session;
  /** Whether a message or a gap has come. */
  hasItems(): boolean;
  /** Sends what has been gathered, once; later calls do nothing. */
  answer(): void;
}

/**
 * Handles the frames of a request's body and gathers what they bring. `onItems` is called when messages
 * come later than that: over a parked request.
 */
export async function collectSession(
  exchange: Exchange,
  transport: string,
  { client, frames }: SessionRequest,
  onItems: (collected: CollectedSession) => void,
): Promise<CollectedSession> {
  const { hub, caller, response } = exchange;
  const texts: string[] = [];
  let length = 0;
  let hasItems = false;
  let parked = false;
  const sink: FrameSink = {
    format: framesFormat,
    drains: false,
    get full() {
      return length >= ANSWER_LENGTH;
    },
    get writable() {
      return !sink.full;
    },
    write(items) {
      for (const item of items as readonly string[]) sink.frame(item);
      hasItems = true;
      if (parked) onItems(collected);
    },
    frame(json) {
      texts.push(json);
      length += json.length;
    },
  };
  const session = new Session(
    hub,
    { ...caller, transport, client },
    { sink, close: () => collected.answer(), abort: () => response.destroy() },
  );
  const collected: CollectedSession = {
    session,
    hasItems: () => hasItems,
    answer() {
      if (response.headersSent || isAbandoned(response)) return;
      // Everything up to here is in this answer, unless a page is still to come.
      const position = session.connection.position;
      session.gone();
      texts.push(JSON.stringify({ heartbeat: position ? { position: formatPosition(position) } : {} }));
      const body = Buffer.from(`[${texts.join(',')}]`);
      hub.meter.bytes += body.length;
      sendJson(exchange, body, { 'Cache-Control': 'no-store' });
    },
  };
  response.on('close', () => session.gone());
  await receiveFrames(session, frames);
  await session.settled();
  parked = true;
  return collected;
}
