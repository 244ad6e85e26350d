import { useEffect, useMemo, useState } from 'preact/hooks';
import { COMPARED } from '../../../../field/comparison.ts';
import type { WireName } from '../../endpoints.ts';
import { type Lane, settled } from '../../measure/lane.ts';
import { Publisher } from '../../measure/publisher.ts';
import { useLanes } from '../../measure/use-lanes.ts';
import type { PageProps } from '../../shell/pages.ts';

const MESSAGES = 5;
const PERIOD_MS = 1000;
const POLL_INTERVAL_MS = 2000;

export type Measured = Pick<Lane, 'state' | 'delayMs' | 'received' | 'requests' | 'empty' | 'cost'>;

/** Sends a few messages over each transport once, and tells what they took. */
export function useMeasured(
  props: Pick<PageProps, 'fanwire' | 'connectBeside' | 'onRefused'>,
): ReadonlyMap<WireName, Measured> {
  const { fanwire } = props;
  const [measured, setMeasured] = useState<ReadonlyMap<WireName, Measured>>(new Map());
  // A refusal shows as a figure that stays away; the shell asks for a token.
  const publisher = useMemo(() => new Publisher(fanwire, () => {}), [fanwire]);
  const finished =
    measured.size > 0 &&
    COMPARED.every((name) => {
      const { received = 0, state } = measured.get(name) ?? {};
      return received >= MESSAGES || state?.kind === 'blocked';
    });
  const lanes = useLanes({
    ...props,
    names: COMPARED,
    pollIntervalMs: POLL_INTERVAL_MS,
    by: publisher.by,
    open: !finished,
  });
  useEffect(() => {
    if (lanes.length < COMPARED.length || finished) return;
    const timer = setInterval(() => {
      setMeasured(new Map(lanes.map((lane) => [lane.name, of(lane)])));
      if (settled(lanes)) publisher.publish();
    }, PERIOD_MS);
    return () => clearInterval(timer);
  }, [lanes, publisher, finished]);
  return measured;
}

function of({ state, delayMs, received, requests, empty, cost }: Lane): Measured {
  return { state, delayMs, received, requests, empty, cost };
}
