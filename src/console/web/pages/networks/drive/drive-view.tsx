import { useState } from 'preact/hooks';
import type { Catalogue, Measured } from '../../../../networks/reports.ts';
import type { PageProps } from '../../../shell/pages.ts';
import { activityWords } from '../activity-words.ts';
import { Between } from '../between.tsx';
import { type Tls, TlsChoice, techniquesOver } from '../tls-choice.tsx';
import { useLab } from '../use-lab.ts';
import { Acts } from './acts.tsx';
import { Timeline } from './timeline.tsx';
import { EMPTY, type Track } from './track.ts';
import { Words } from './words.tsx';

/** It has two nodes, so that every button has something to do. */
const FIRST = 'load-balancer';

/** One network with a client of each technique behind it, and buttons for what may happen to it. */
export default function DriveView(props: PageProps) {
  const lab = useLab(props);
  const [chosen, setChosen] = useState(FIRST);
  const [wanted, setWanted] = useState<Tls>('none');
  const { catalogue, activity, ask } = lab;
  if (!catalogue) return <p class="note">Asking the hub which networks it has …</p>;
  const track = activity.kind === 'driving' ? activity.track : undefined;
  const name = track?.network || chosen;
  const network = catalogue.networks.find((each) => each.name === name)!;
  const tls = track?.tls ?? wanted;
  const techniques = techniquesOver(tls, catalogue);
  return (
    <>
      <section aria-labelledby="drive-title">
        <h3 id="drive-title">{network.title}</h3>
        <p>{network.does}</p>
        <Between network={network} clients={techniques.length} nodes={track?.nodes} />
        <fieldset class="choice" disabled={activity.kind !== 'idle'}>
          <legend>The network between</legend>
          {catalogue.networks.map((each) => (
            <label key={each.name}>
              <input
                type="radio"
                name="network"
                checked={each.name === name}
                onChange={() => setChosen(each.name)}
              />
              <span>{each.title}</span>
            </label>
          ))}
        </fieldset>
        <TlsChoice
          catalogue={catalogue}
          chosen={tls}
          isFixed={activity.kind !== 'idle'}
          onChoose={setWanted}
        />
        <div class="actions">
          {track ? (
            <button type="button" class="plain" onClick={() => ask({ kind: 'end' })}>
              End it
            </button>
          ) : (
            <button
              type="button"
              disabled={activity.kind !== 'idle'}
              onClick={() => ask({ kind: 'drive', choice: { network: name, tls: wanted } })}
            >
              Start
            </button>
          )}
          <p class="note" role="status">
            {activityWords(activity, WORDS)}
          </p>
        </div>
      </section>
      <section aria-labelledby="timeline-title">
        <h3 id="timeline-title">Each message leaves above and arrives below: the slope is its delay</h3>
        <Acts track={track} pace={catalogue.pace} nodes={network.nodes} ask={ask} />
        <Timeline track={track ?? idle(techniques)} />
        <p class="note">
          After a failure a client written by hand asks again each second. fanwire’s waits at random, up to 1,
          2, 4, 8 s and so on, so that ten thousand do not come at once; in a browser the event{' '}
          <code>online</code> wakes it, which these clients of Node do not have.
        </p>
      </section>
      <Words track={track} />
    </>
  );
}

const WORDS = {
  measuring: ({ column }: Measured) =>
    `Networks are measured just now (${column.title}): that has to end first.`,
  driving: 'Runs on the hub’s machine. Whoever opens this page sees the same, and it ends when nobody looks.',
};

/** The lanes before anything is in them, so that nothing moves when it begins. */
function idle(techniques: Catalogue['techniques']): Track {
  const nothing = { received: 0, missing: 0, doubled: 0, gaps: 0, passedOver: 0 };
  const lanes = techniques.map(({ name }) => ({
    technique: name,
    ...nothing,
    carrier: undefined,
    said: undefined,
    arrivedAt: new Map(),
  }));
  return { ...EMPTY, lanes };
}
