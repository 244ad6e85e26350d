import { useEffect, useState } from 'preact/hooks';
import type { Client, TransportName } from '../../../client/index.ts';
import { sentenceOf } from '../shell/connection.ts';
import type { PageProps } from '../shell/pages.ts';
import { type Lane, openLane } from './lane.ts';
import { openWireMeter } from './wire-meter.ts';

interface LanesProps extends Pick<PageProps, 'fanwire' | 'connectBeside' | 'onRefused'> {
  readonly transports: readonly TransportName[];
  readonly pollIntervalMs: number;
  /** Only messages of this publisher count. */
  readonly by: string;
  /** Lanes are open only while this is true, because three of them take three of the six connections that a browser gives an origin. */
  readonly open: boolean;
  /** Whether the hub is asked to count the bytes of each lane. Default: true. */
  readonly metered?: boolean;
}

/** A lane for each transport. After a restart of the hub the lanes begin to count anew. */
export function useLanes(props: LanesProps): readonly Lane[] {
  const { fanwire, connectBeside, onRefused, transports, pollIntervalMs, by, open, metered = true } = props;
  const [lanes, setLanes] = useState<readonly Lane[]>([]);
  // A dependency of the effect: when it changes, the lanes are opened anew.
  const generation = useGeneration(fanwire);

  useEffect(() => {
    if (!open) return;
    let opened: Lane[] | undefined = [];
    const add = async (transport: TransportName) => {
      const refused = (error: unknown) => onRefused(sentenceOf(error));
      const meter = metered ? await openWireMeter(fanwire).catch(refused) : undefined;
      if (!opened) return meter?.close();
      opened.push(openLane(transport, pollIntervalMs, by, meter ?? undefined, connectBeside, refused));
      opened.sort((one, other) => transports.indexOf(one.transport) - transports.indexOf(other.transport));
      setLanes([...opened]);
    };
    for (const transport of transports) void add(transport);
    return () => {
      for (const lane of opened ?? []) lane.close();
      opened = undefined;
    };
  }, [fanwire, connectBeside, onRefused, transports, pollIntervalMs, by, open, metered, generation]);
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
