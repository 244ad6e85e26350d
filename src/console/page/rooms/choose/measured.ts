import { useEffect, useState } from 'preact/hooks';
import { type Lane, openLane } from '../../measure/lane.ts';
import { Publisher } from '../../measure/publisher.ts';
import type { RoomProps } from '../../shell/rooms.ts';
import { TECHNIQUES } from './aspects.ts';

const MESSAGES = 5;
const PERIOD_MS = 1000;
const POLL_INTERVAL_MS = 2000;

export interface Measured {
  /** From publish to handler, the mean. */
  readonly delayMs: number;
  readonly requests: number;
}

/** Sends a few messages over each technique once, and says what they took. */
export function useMeasured(
  fanwire: RoomProps['fanwire'],
  connectBeside: RoomProps['connectBeside'],
): ReadonlyMap<string, Measured> {
  const [measured, setMeasured] = useState<ReadonlyMap<string, Measured>>(new Map());
  useEffect(() => {
    // A refusal shows as a figure that stays away; the shell asks for a token.
    const publisher = new Publisher(fanwire, () => {});
    const lanes = TECHNIQUES.map((name) =>
      openLane(name, POLL_INTERVAL_MS, undefined, publisher.by, connectBeside),
    );
    let left = MESSAGES;
    const timer = setInterval(() => {
      if (left-- > 0) publisher.publish();
      setMeasured(
        new Map(lanes.filter(({ received }) => received > 0).map((lane) => [lane.transport, of(lane)])),
      );
      if (lanes.every(({ received }) => received === MESSAGES)) finish();
    }, PERIOD_MS);
    const finish = () => {
      clearInterval(timer);
      for (const lane of lanes) lane.close();
    };
    return finish;
  }, [fanwire, connectBeside]);
  return measured;
}

function of({ arrivals, requests }: Lane): Measured {
  return {
    delayMs: arrivals.reduce((sum, { sentAt, at }) => sum + at - sentAt, 0) / Math.max(1, arrivals.length),
    requests,
  };
}
