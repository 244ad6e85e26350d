import { useEffect } from 'preact/hooks';
import { showInRow } from '../../parts/show-in-row.ts';
import { UnseenOverHttp2 } from '../../parts/unseen-over-http2.tsx';
import type { PageProps } from '../../shell/pages.ts';
import { LESSONS } from './lessons.ts';

/** A course on server push, one lesson at a time, each on real connections of this page. */
export default function Learn(props: PageProps) {
  const found = LESSONS.findIndex(({ path }) => path === props.path);
  const at = Math.max(found, 0);
  const { title, sentence, recorded, Content } = LESSONS[at]!;
  const next = LESSONS[at + 1];
  useEffect(() => {
    if (at > 0) document.title = `${title} – fanwire`;
  }, [at, title]);
  return (
    <>
      <nav class="lessons pills" aria-label="Lessons">
        <ol>
          {LESSONS.map((lesson, index) => (
            <li key={lesson.path}>
              <a
                href={lesson.path}
                aria-current={index === at ? 'step' : undefined}
                // On a phone the lessons are wider than the screen.
                ref={index === at ? showInRow : null}
              >
                <span class="nth">{index + 1}</span> {lesson.title}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      {found === -1 && <p class="note fault">There is no such lesson. This is the first.</p>}
      <div class="opening">
        <h2>{title}</h2>
        <p>{sentence}</p>
        {recorded && <UnseenOverHttp2 what="this lesson stays empty" />}
      </div>
      <Content key={title} {...props} />
      <p class="onward">
        {next ? (
          <a href={next.path}>
            Next lesson: <b>{next.title}</b>
          </a>
        ) : (
          <a href="/choose">
            And now: <b>which transport fits?</b>
          </a>
        )}
      </p>
    </>
  );
}
