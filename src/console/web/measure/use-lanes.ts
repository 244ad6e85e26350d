import { useEffect, useState } from 'preact/hooks';
import type { Client, TransportName } from '../../../client/index.ts';
import { sentenceOf } from '../shell/connection.ts';
import type { PageProps } from '../shell/pages.ts';
import { type Lane, openLane } from './lane.ts';
import { openWireMeter } from './wire-meter.ts';

interface LanesProps extends Pick<PageProps, 'fanwire' | 'connectBeside' | 'onRefused'> {
  readonly transports: readonly TransportName[];
  readonly pollIntervalMs: number;
  /** Whose messages count. */
  readonly by: string;
  /** While false nothing is open: three of the lanes hold one of the six connections that a browser gives an origin. */
  readonly open: boolean;
}

/** A lane for each transport. They begin anew with the hub: what was counted before it restarted is not the same wire. */
export function useLanes(props: LanesProps): readonly Lane[] {
  const { fanwire, connectBeside, onRefused, transports, pollIntervalMs, by, open } = props;
  const [lanes, setLanes] = useState<readonly Lane[]>([]);
  // What it is good for: when it changes, all of this is done again.
  const generation = useGeneration(fanwire);

  useEffect(() => {
    if (!open) return;
    let opened: Lane[] | undefined = [];
    const add = async (transport: TransportName) => {
      const meter = await openWireMeter(fanwire).catch((error: unknown) => onRefused(sentenceOf(error)));
      if (!opened) return meter?.close();
      opened.push(openLane(transport, pollIntervalMs, by, meter ?? undefined, connectBeside));
      opened.sort((one, other) => transports.indexOf(one.transport) - transports.indexOf(other.transport));
      setLanes([...opened]);
    };
    for (const transport of transports) void add(transport);
    return () => {
      for (const lane of opened ?? []) lane.close();
      opened = undefined;
    };
  }, [fanwire, connectBeside, onRefused, transports, pollIntervalMs, by, open, generation]);
  return lanes;
}

/** How often the client has found its hub again after it was gone. */
function useGeneration(fanwire: Client): number {
  const [generation, setGeneration] = useState(0);
  useEffect(() => {
    let gone = false;
    return fanwire.onStatus(({ state }) => {
      if (state === 'waiting') gone = true;
      if (state !== 'connected' || !gone) return;
      gone = false;
      setGeneration((before) => before + 1);
    });
  }, [fanwire]);
  return generation;
}
