import { useEffect, useState } from 'preact/hooks';
import type { Client } from '../../../client/index.ts';
import { isEndpointName } from '../../endpoint-name.ts';
import type { WireName } from '../endpoints.ts';
import { sentenceOf } from '../shell/connection.ts';
import type { PageProps } from '../shell/pages.ts';
import { type Lane, openLane } from './lane.ts';
import { resuming } from './resuming.ts';
import { transportSource } from './transport-source.ts';
import { openWireMeter } from './wire-meter.ts';

/** Loaded when they are asked for, because the first screen has no use for them. */
const ENDPOINT_READERS = {
  graphql: () => import('./read-graphql.ts'),
  grpc: () => import('./read-grpc.ts'),
};

interface LanesProps extends Pick<PageProps, 'fanwire' | 'connectBeside' | 'onRefused'> {
  readonly names: readonly WireName[];
  readonly pollIntervalMs: number;
  /** Only messages of this publisher count. */
  readonly by: string;
  /** Lanes are open only while this is true, because three of them take three of the six connections that a browser gives an origin. */
  readonly open: boolean;
  /** Whether the hub is asked to count the bytes of each lane. Default: true. */
  readonly metered?: boolean;
}

/** A lane for each wire. After a restart of the hub the lanes begin to count anew. */
export function useLanes(props: LanesProps): readonly Lane[] {
  const { fanwire, connectBeside, onRefused, names, pollIntervalMs, by, open, metered = true } = props;
  const [lanes, setLanes] = useState<readonly Lane[]>([]);
  // A dependency of the effect: when it changes, the lanes are opened anew.
  const generation = useGeneration(fanwire);

  useEffect(() => {
    if (!open) return;
    let opened: Lane[] | undefined = [];
    const add = async (name: WireName) => {
      const refused = (error: unknown) => onRefused(sentenceOf(error));
      const source = isEndpointName(name)
        ? resuming((await ENDPOINT_READERS[name]()).read, refused)
        : transportSource(name, pollIntervalMs, connectBeside, refused);
      const meter = metered ? await openWireMeter(fanwire).catch(refused) : undefined;
      if (!opened) return meter?.close();
      opened.push(openLane(name, source, pollIntervalMs, by, meter ?? undefined));
      opened.sort((one, other) => names.indexOf(one.name) - names.indexOf(other.name));
      setLanes([...opened]);
    };
    for (const name of names) void add(name);
    return () => {
      for (const lane of opened ?? []) lane.close();
      opened = undefined;
      setLanes([]);
    };
  }, [fanwire, connectBeside, onRefused, names, pollIntervalMs, by, open, metered, generation]);
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
