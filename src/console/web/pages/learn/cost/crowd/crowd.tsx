import type { PageProps } from '../../../../shell/pages.ts';
import { Claim } from '../../claim.tsx';
import { HerdChart, herdWords } from './herd.tsx';
import { CROWD, type CrowdView, useCrowd } from './use-crowd.ts';

/** What the field says that a thread takes, in bytes. */
const THREAD_BYTES = 2e6;
const SPREAD_MS = 2000;

/** 1,000 long polls parked for real, what they hold of a hub's memory, and what happens when all are answered at once. */
export function CrowdSections(props: Pick<PageProps, 'fanwire'>) {
  const { view, park, stampede, end } = useCrowd(props);
  const { state, fault } = view;
  const isOn = state !== undefined && state !== 'ended';
  const share = shareOf(view);
  return (
    <>
      <section aria-labelledby="parked-title">
        <h3 id="parked-title">Park 1,000 long polls</h3>
        <p class="lead">
          A browser opens six connections to an origin, so another process asks: 1,000 clients, each with a
          connection and a request that waits. They are parked at a hub of their own, a third process, whose
          memory is then nobody else’s.
        </p>
        <div class="actions">
          <button type="button" disabled={isOn} onClick={park}>
            Park 1,000
          </button>
          <button type="button" class="plain" disabled={!isOn} onClick={end}>
            Let them go
          </button>
          <p class="note" role="status">
            {fault ?? wordsOf(view, props.fanwire.status.from)}
          </p>
        </div>
        <dl class="figures">
          <div>
            <dt>Parked</dt>
            <dd>{view.now ? (isOn ? view.now.parked : 0).toLocaleString('en') : '–'}</dd>
          </div>
          <div>
            <dt>The hub’s process, before</dt>
            <dd>{megabytes(view.before?.rssBytes)}</dd>
          </div>
          <div>
            <dt>with all of them</dt>
            <dd>{megabytes(view.parked?.rssBytes)}</dd>
          </div>
          <div>
            <dt>now</dt>
            <dd>{isOn ? megabytes(view.now?.rssBytes) : '–'}</dd>
          </div>
        </dl>
        <table class="estimates beside">
          <caption class="unseen">A parked request beside a thread</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">Each</th>
              <th scope="col">10,000 of them</th>
            </tr>
          </thead>
          <tbody>
            <Beside what="A thread, the field says" bytes={THREAD_BYTES} />
            <Beside what="A parked request, read here" bytes={share?.bytes} />
          </tbody>
        </table>
        <Claim of={['threads']}>
          {share &&
            `${kilobytes(share.bytes)} of the process a parked request, of which ${kilobytes(share.heldBytes)} are objects and buffers: 1/${Math.round(THREAD_BYTES / share.bytes)} of a thread. 10,000 would take ${megabytes(share.bytes * 10_000)}.`}
        </Claim>
      </section>
      <section aria-labelledby="herd-title">
        <h3 id="herd-title">A thundering herd, on demand</h3>
        <p class="lead">
          One message answers all that are parked, and all ask again. These clients are written by hand: they
          ask at once, or wait for a random part of {SPREAD_MS / 1000} s first. A request that comes later
          asks for what comes after its position, so that waiting loses nothing.
        </p>
        <div class="actions">
          <button type="button" disabled={state !== 'parked'} onClick={() => stampede(0)}>
            Publish: all ask at once
          </button>
          <button
            type="button"
            class="plain"
            disabled={state !== 'parked'}
            onClick={() => stampede(SPREAD_MS)}
          >
            Publish: spread over {SPREAD_MS / 1000} s
          </button>
          <p class="note">{isOn ? '' : 'Park them first.'}</p>
        </div>
        <HerdChart title="At once" herd={view.herd} beside={view.spreadHerd} />
        <HerdChart title={`Spread over ${SPREAD_MS / 1000} s`} herd={view.spreadHerd} beside={view.herd} />
        <Claim of={['herd']}>{herdWords(view.herd, view.spreadHerd)}</Claim>
      </section>
    </>
  );
}

/** @param self the public id of this page's client */
function wordsOf({ state, endedBy, now }: CrowdView, self: string | undefined): string {
  switch (state) {
    case 'starting':
      return 'A hub and its crowd are started …';
    case 'parking':
      return `They come: ${now?.parked ?? 0} of ${CROWD} are parked …`;
    case 'parked':
      return 'All are parked. They go by themselves after two minutes, or soon after the last visitor has left.';
    case 'herd':
      return 'Answered: they ask again …';
    case 'ended':
      if (endedBy === self) return 'They are gone, and so are both processes.';
      return endedBy === undefined
        ? 'Their two minutes are over: both processes are gone.'
        : 'Another visitor let them go: both processes are gone.';
    case undefined:
      return 'Nobody is parked yet.';
  }
}

function Beside({ what, bytes }: { what: string; bytes: number | undefined }) {
  return (
    <tr>
      <th scope="row">{what}</th>
      <td>{kilobytes(bytes)}</td>
      <td>
        {megabytes(bytes && bytes * 10_000)}
        <span class="measure" aria-hidden="true">
          <span style={{ inlineSize: `${((bytes ?? 0) / THREAD_BYTES) * 100}%` }} />
        </span>
      </td>
    </tr>
  );
}

/** What each of them holds; undefined before all are parked. */
function shareOf({ before, parked }: CrowdView) {
  if (!before || !parked) return undefined;
  return {
    bytes: (parked.rssBytes - before.rssBytes) / CROWD,
    heldBytes: (parked.heldBytes - before.heldBytes) / CROWD,
  };
}

function kilobytes(bytes: number | undefined): string {
  if (bytes === undefined) return '–';
  return bytes >= 1e6 ? `${bytes / 1e6} MB` : `${(bytes / 1000).toFixed(1)} kB`;
}

function megabytes(bytes: number | undefined): string {
  if (bytes === undefined) return '–';
  return bytes >= 1e9 ? `${bytes / 1e9} GB` : `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
}
