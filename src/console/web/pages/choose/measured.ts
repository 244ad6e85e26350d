import { useEffect, useMemo, useState } from 'preact/hooks';
import type { TransportName } from '../../../../client/index.ts';
import type { Lane } from '../../measure/lane.ts';
import { Publisher } from '../../measure/publisher.ts';
import { useLanes } from '../../measure/use-lanes.ts';
import type { PageProps } from '../../shell/pages.ts';
import { COMPARED } from '../../transports.ts';

const MESSAGES = 5;
const PERIOD_MS = 1000;
const POLL_INTERVAL_MS = 2000;

export interface Measured {
  /** From publish to handler, the mean. */
  readonly delayMs: number;
  readonly requests: number;
  readonly received: number;
  /** Of all that crossed the wire, heads and framing included. */
  readonly bytesEach: number | undefined;
}

/** Sends a few messages over each transport once, and tells what they took. */
export function useMeasured(
  props: Pick<PageProps, 'fanwire' | 'connectBeside' | 'onRefused'>,
): ReadonlyMap<TransportName, Measured> {
  const { fanwire } = props;
  const [measured, setMeasured] = useState<ReadonlyMap<TransportName, Measured>>(new Map());
  // A refusal shows as a figure that stays away; the shell asks for a token.
  const publisher = useMemo(() => new Publisher(fanwire, () => {}), [fanwire]);
  const finished = COMPARED.every((name) => (measured.get(name)?.received ?? 0) >= MESSAGES);
  const lanes = useLanes({
    ...props,
    transports: COMPARED,
    pollIntervalMs: POLL_INTERVAL_MS,
    by: publisher.by,
    open: !finished,
  });
  useEffect(() => {
    if (lanes.length < COMPARED.length || finished) return;
    const timer = setInterval(() => {
      setMeasured(
        new Map(lanes.filter(({ received }) => received > 0).map((lane) => [lane.transport, of(lane)])),
      );
      publisher.publish();
    }, PERIOD_MS);
    return () => clearInterval(timer);
  }, [lanes, publisher, finished]);
  return measured;
}

function of({ delayMs = 0, received, requests, bytes }: Lane): Measured {
  return { delayMs, received, requests, bytesEach: bytes ? bytes / received : undefined };
}
