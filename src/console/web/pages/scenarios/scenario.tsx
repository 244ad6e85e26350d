import { useEffect, useState } from 'preact/hooks';
import { sentenceOf } from '../../shell/connection.ts';
import type { PageProps } from '../../shell/pages.ts';
import { Code } from './code.tsx';
import { type LoadedScenario, loadScenario } from './load-scenario.ts';
import type { Scenario as ListedScenario } from './scenario-list.ts';
import { Stage } from './stage.tsx';
import { useMeter } from './use-meter.ts';

/** Where the hub looks for who has which scenario open: see `src/console/scenarios.ts`. */
const WATCHED_CHANNEL = 'console:demo:watched';

type Loading =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly reason: string }
  | ({ readonly kind: 'loaded' } & LoadedScenario);

/** One scenario at work, over a transport of choice, and its code. */
export function Scenario({ scenario, ...props }: PageProps & { readonly scenario: ListedScenario }) {
  const { fanwire, onRefused } = props;
  const { name, title, sentence } = scenario;
  const [loading, setLoading] = useState<Loading>({ kind: 'loading' });
  const metered = useMeter(fanwire);

  useEffect(() => {
    document.title = `${title} – fanwire`;
    loadScenario(name).then(
      (loaded) => setLoading({ kind: 'loaded', ...loaded }),
      (error) => setLoading({ kind: 'failed', reason: sentenceOf(error) }),
    );
  }, [name, title]);

  useEffect(() => {
    const onError = (error: unknown) => onRefused(sentenceOf(error));
    const watching = fanwire.subscribe(WATCHED_CHANNEL, { presence: name, onMessage() {}, onError });
    return () => watching.close();
  }, [fanwire, name, onRefused]);

  return (
    <>
      <div class="lead">
        <a href="/scenarios">All scenarios</a>
        <h2>{title}</h2>
        <p>{sentence}</p>
      </div>
      {loading.kind === 'failed' && <p class="note fault">{loading.reason}</p>}
      {loading.kind === 'loaded' && metered && (
        <>
          <Stage scenario={scenario} mount={loading.mount} meter={metered.meter} {...props} />
          {loading.files.map(({ file, source }) => (
            <Code key={file} file={file} source={source} />
          ))}
        </>
      )}
    </>
  );
}
