import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Client, Status } from '../../../../client/index.ts';
import type { TransportName } from '../../../../protocol/transport-name.ts';
import type { WireMeter } from '../../measure/wire-meter.ts';
import { sentenceOf, transportOf } from '../../shell/connection.ts';
import type { PageProps } from '../../shell/pages.ts';
import { CuttableNetwork } from './cuttable-network.ts';
import { Frame } from './frame.tsx';
import type { Mount } from './load-scenario.ts';
import { ObservedClient } from './observed-client.ts';
import type { Scenario } from './scenario-list.ts';

const CUT_MS = 5000;

/** A scenario as one person has it before them. */
export interface PaneProps extends Pick<PageProps, 'connectBeside'> {
  /** The page's own client. */
  readonly fanwire: Client;
  readonly scenario: Scenario;
  readonly mount: Mount;
  readonly transport: TransportName;
  readonly meter: WireMeter | undefined;
  readonly person: string;
  /** The name of a person who is not whom this tab remembers. */
  readonly guest?: string;
  /** Told of the client, and of what it says of itself. */
  readonly onObserved?: (observed: ObservedClient, words: string, isFault: boolean) => void;
}

/** The scenario's own page with a client and a network of its own, and what crosses that network. */
export function Pane(props: PaneProps) {
  const { fanwire, scenario, mount, transport, meter, person, guest, connectBeside, onObserved } = props;
  const root = useRef<HTMLDivElement>(null);
  const network = useRef<CuttableNetwork | undefined>(undefined);
  const [observed, setObserved] = useState<ObservedClient>();
  const [bytesBefore, setBytesBefore] = useState(0);
  const [status, setStatus] = useState<Status>();
  const [fault, setFault] = useState<string>();
  const [, redraw] = useReducer((count: number) => count + 1, 0);

  // Before anything is painted: empty, the scenario's place would be smaller, and all below it would move.
  useLayoutEffect(() => {
    setFault(undefined);
    setBytesBefore(meter?.sums.bytes ?? 0);
    network.current = new CuttableNetwork(meter?.mark);
    const opened = new ObservedClient(transport, network.current, connectBeside, (error) =>
      setFault(sentenceOf(error)),
    );
    setObserved(opened);
    setStatus(opened.client.status);
    const off = opened.client.onStatus(setStatus);
    const stop = mount(opened.client, root.current!, { connect: connectBeside, guest });
    const end = () => {
      off();
      stop();
      opened.client.close();
    };
    // A tab that is closed leaves at once; one in the back-forward cache may come back.
    const onPageHide = (event: PageTransitionEvent) => event.persisted || end();
    addEventListener('pagehide', onPageHide);
    return () => {
      removeEventListener('pagehide', onPageHide);
      end();
    };
  }, [transport, mount, meter, guest, connectBeside]);

  const words =
    fault ?? (status ? (transportOf(status) === transport ? 'Connected.' : status.why) : 'Not yet.');
  useLayoutEffect(() => {
    if (observed) onObserved?.(observed, words, fault !== undefined);
  }, [observed, words, fault, onObserved]);

  const cut = () => {
    network.current?.cut(CUT_MS);
    // The hub ends the connections of TCP, in the middle of whatever they carry. What is not of HTTP/1.1 the page has ended.
    if (meter) fanwire.request('console:cut', { mark: meter.mark }).catch(() => {});
    redraw(undefined);
  };
  return (
    <section class="pane" aria-label={person === '' ? scenario.title : `${scenario.title}, ${person}`}>
      <Frame
        person={person}
        words={words}
        isConnected={words === 'Connected.'}
        observed={observed}
        bytes={() => (meter ? meter.sums.bytes - bytesBefore : undefined)}
        cutForMs={() => network.current?.cutForMs ?? 0}
        onCut={cut}
      />
      <div class={`scenario ${scenario.name}`} ref={root} />
    </section>
  );
}
