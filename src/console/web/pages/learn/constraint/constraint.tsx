import { useEffect, useMemo, useState } from 'preact/hooks';
import { sentenceOf } from '../../../shell/connection.ts';
import { readToken } from '../../../shell/operator-token.ts';
import type { PageProps } from '../../../shell/pages.ts';
import { useRecording } from '../../inspector/use-recording.ts';
import { Claim } from '../claim.tsx';
import { Sequence } from '../sequence.tsx';
import { diagramOf, EXPERIMENTS, type Experiment } from './experiments.ts';

type Run =
  | { readonly kind: 'waiting' | 'running' }
  | { readonly kind: 'done'; readonly knownAt: number | undefined }
  | { readonly kind: 'failed'; readonly why: string };

const WAITING: readonly Run[] = EXPERIMENTS.map(() => ({ kind: 'waiting' }));

/** Why servers can't speak first: three experiments, made as soon as the page is open, one after the other. */
export default function Constraint({ fanwire, status, onRefused }: PageProps) {
  const { mark, store, epoch, fault } = useRecording({ fanwire, status, onRefused });
  const [runs, setRuns] = useState(WAITING);
  const [round, setRound] = useState(0);
  const token = readToken();
  const stamp = useMemo(() => ({ mark, token }), [mark, token]);

  useEffect(() => {
    if (epoch === 0) return;
    const ended = new AbortController();
    const { signal } = ended;
    const tell = (nth: number, run: Run) => {
      if (!signal.aborted) setRuns((before) => before.with(nth, run));
    };
    const runAll = async () => {
      for (const [nth, experiment] of EXPERIMENTS.entries()) {
        if (signal.aborted) return;
        tell(nth, { kind: 'running' });
        await experiment.run({ stamp, fanwire, signal }).then(
          (knownAt) => tell(nth, { kind: 'done', knownAt }),
          (error) => tell(nth, { kind: 'failed', why: sentenceOf(error) }),
        );
      }
    };
    store.clear();
    setRuns(WAITING);
    void runAll();
    return () => ended.abort();
  }, [epoch, round, stamp, store, fanwire]);

  const { steps } = store.snapshot();
  const busy = runs.some(({ kind }) => kind === 'waiting' || kind === 'running');
  return (
    <>
      {EXPERIMENTS.map((experiment, nth) => (
        <Result
          key={experiment.title}
          experiment={experiment}
          run={runs[nth]!}
          steps={steps.filter(({ purpose }) => purpose === experiment.purpose)}
        />
      ))}
      <div class="actions">
        <p class="note" role="status">
          {fault ??
            (busy ? 'The page is making the experiments …' : 'All three were made by this page just now.')}
        </p>
        <button type="button" class="plain" disabled={busy} onClick={() => setRound((before) => before + 1)}>
          Make them again
        </button>
      </div>
    </>
  );
}

interface ResultProps {
  readonly experiment: Experiment;
  readonly run: Run;
  readonly steps: Parameters<Experiment['reading']>[0];
}

function Result({ experiment, run, steps }: ResultProps) {
  const { title, explains, of, transport, lines, reading } = experiment;
  const knownAt = run.kind === 'done' ? run.knownAt : undefined;
  return (
    <section class="experiment" aria-label={title}>
      <div>
        <h3>{title}</h3>
        <p>{explains}</p>
        <Claim of={of}>
          {run.kind === 'failed' ? (
            <span class="fault">{run.why}</span>
          ) : (
            run.kind === 'done' && steps.length > 0 && reading(steps, knownAt)
          )}
        </Claim>
      </div>
      <Sequence
        title={`${title}: what crossed the wire`}
        transport={transport}
        lines={lines}
        rows={diagramOf(steps, knownAt)}
        empty={run.kind === 'waiting' ? 'Not yet' : 'Under way …'}
      />
    </section>
  );
}
