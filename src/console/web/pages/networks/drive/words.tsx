import { TechniqueLabel } from '../technique.tsx';
import type { Track } from './track.ts';

/** What the clients told their programs, the newest first. */
export function Words({ track }: { track: Track | undefined }) {
  const words = track?.words.toReversed() ?? [];
  return (
    <section aria-labelledby="words-title">
      <h3 id="words-title">What the clients said</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
      <ol class="words" tabIndex={0} aria-labelledby="words-title">
        {words.map(({ at, technique, text }, index) => (
          <li key={words.length - index}>
            <time>{(at / 1000).toFixed(1)} s</time>
            <TechniqueLabel name={technique} />
            <span>{text}</span>
          </li>
        ))}
        {words.length === 0 && <li class="note">Nothing yet.</li>}
      </ol>
    </section>
  );
}
