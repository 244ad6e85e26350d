import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Status } from '../../../../client/index.ts';
import type { TransportName } from '../../../../protocol/transport-name.ts';
import { TCP_TRANSPORTS } from '../../../../protocol/transport-name.ts';
import { sentenceOf, transportOf } from '../../shell/connection.ts';
import type { PageProps } from '../../shell/pages.ts';
import { labelOf } from '../../transports.ts';
import { Figures } from './figures.tsx';
import type { Mount } from './load-scenario.ts';
import { ObservedClient } from './observed-client.ts';
import { pickFor, type Scenario } from './scenario-list.ts';

interface StageProps extends Pick<PageProps, 'connectBeside'> {
  readonly scenario: Scenario;
  readonly mount: Mount;
}

/** The scenario's own page, and what carries it. */
export function Stage({ scenario, mount, connectBeside }: StageProps) {
  const pick = pickFor(scenario);
  const root = useRef<HTMLDivElement>(null);
  const [transport, setTransport] = useState(pick);
  const [observed, setObserved] = useState<ObservedClient>();
  const [status, setStatus] = useState<Status>();
  const [fault, setFault] = useState<string>();

  // Before anything is painted: empty, the scenario's place would be smaller, and all below it would move.
  useLayoutEffect(() => {
    setFault(undefined);
    const opened = new ObservedClient(transport, connectBeside, (error) => setFault(sentenceOf(error)));
    setObserved(opened);
    setStatus(opened.client.status);
    const off = opened.client.onStatus(setStatus);
    const stop = mount(opened.client, root.current!, { connect: connectBeside });
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
  }, [transport, mount, connectBeside]);

  return (
    <div class="stage">
      <section aria-label={scenario.title}>
        <div class={`scenario ${scenario.name}`} ref={root} />
      </section>
      <section class="carrier" aria-labelledby="carrier-title">
        <h2 id="carrier-title">Carried by</h2>
        <Carriers pick={pick} chosen={transport} onChoose={setTransport} />
        <p class="note">
          The decision tree picks {labelOf(pick)}: {scenario.because}
        </p>
        <Figures observed={observed} />
        <p class={`note ${fault ? 'fault' : ''}`} role="status">
          {fault ?? (status && (transportOf(status) === transport ? 'Connected.' : status.why))}
        </p>
      </section>
    </div>
  );
}

interface CarriersProps {
  readonly pick: TransportName;
  readonly chosen: TransportName;
  readonly onChoose: (transport: TransportName) => void;
}

function Carriers({ pick, chosen, onChoose }: CarriersProps) {
  return (
    <fieldset class="choice">
      <legend class="unseen">Transport of the scenario</legend>
      {[pick, ...TCP_TRANSPORTS.filter((name) => name !== pick)].map((name) => (
        <label key={name}>
          <input type="radio" name="carrier" checked={name === chosen} onChange={() => onChoose(name)} />
          <span>{labelOf(name)}</span>
        </label>
      ))}
    </fieldset>
  );
}
