import type { Session } from '../hub/session/session.ts';
import { TimeSlice } from '../hub/time-slice.ts';
import type { SessionRequest } from './exchange.ts';

/** Has a session handle the frames of one request. Resolves when all have been handled. */
export async function receiveFrames(session: Session, frames: SessionRequest['frames']): Promise<void> {
  const slice = new TimeSlice();
  session.foresee(frames);
  for (const frame of frames) {
    if (slice.isOver) await slice.next();
    await session.receive(frame);
  }
}
