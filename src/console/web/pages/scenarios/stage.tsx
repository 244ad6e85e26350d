import { useCallback, useState } from 'preact/hooks';
import type { TransportName } from '../../../../protocol/transport-name.ts';
import { TCP_TRANSPORTS } from '../../../../protocol/transport-name.ts';
import type { WireMeter } from '../../measure/wire-meter.ts';
import type { PageProps } from '../../shell/pages.ts';
import { labelOf } from '../../transports.ts';
import { Figures } from './figures.tsx';
import type { Mount } from './load-scenario.ts';
import type { ObservedClient } from './observed-client.ts';
import { Pane, type PaneProps } from './pane.tsx';
import { pickFor, type Scenario } from './scenario-list.ts';
import { useMeter } from './use-meter.ts';

interface StageProps extends Pick<PageProps, 'fanwire' | 'connectBeside'> {
  readonly scenario: Scenario;
  readonly mount: Mount;
  readonly meter: WireMeter | undefined;
}

/** The scenario before one person or two, and what carries it. */
export function Stage({ scenario, mount, meter, fanwire, connectBeside }: StageProps) {
  const pick = pickFor(scenario);
  const [transport, setTransport] = useState(pick);
  const [isForTwo, setForTwo] = useState(false);
  const [told, setTold] = useState<{ observed?: ObservedClient; words?: string; isFault?: boolean }>({});
  const onObserved = useCallback(
    (observed: ObservedClient, words: string, isFault: boolean) => setTold({ observed, words, isFault }),
    [],
  );
  const pane = { scenario, mount, transport, fanwire, connectBeside };
  return (
    <div class="stage" data-people={isForTwo ? 2 : 1}>
      <div class="panes">
        <Pane {...pane} meter={meter} person={isForTwo ? 'You' : ''} onObserved={onObserved} />
        {isForTwo && <SecondPane {...pane} />}
      </div>
      <section class="carrier" aria-labelledby="carrier-title">
        <label class="two-people">
          <input
            type="checkbox"
            checked={isForTwo}
            onChange={({ currentTarget: { checked } }) => setForTwo(checked)}
          />
          A second person beside you
        </label>
        <h2 id="carrier-title">Carried by</h2>
        <Carriers pick={pick} chosen={transport} onChoose={setTransport} />
        <p class="note">
          The decision tree picks {labelOf(pick)}: {scenario.because}
        </p>
        <Figures observed={told.observed} />
        <p class={`note ${told.isFault ? 'fault' : ''}`} role="status">
          {told.words}
        </p>
      </section>
    </div>
  );
}

/** Somebody else on this page, with connections of their own. */
function SecondPane(props: Omit<PaneProps, 'meter' | 'person'>) {
  const metered = useMeter(props.fanwire);
  return metered ? (
    <Pane {...props} meter={metered.meter} person="Second person" guest="Second person" />
  ) : (
    <section class="pane" aria-busy="true" />
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
