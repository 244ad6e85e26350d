import { useCallback, useState } from 'preact/hooks';
import type { Status, TransportName } from '../../../client/index.ts';
import { showInRow } from '../parts/show-in-row.ts';
import { labelOf } from '../transports.ts';
import { connectToHub, useConnection } from './connection.ts';
import { Lost } from './lost.tsx';
import { keepToken, readToken } from './operator-token.ts';
import { PAGES, type PageProps } from './pages.ts';
import { type Route, useRoute } from './route.ts';
import { TokenForm } from './token-form.tsx';

/** The frame of every page: the links to all pages, the status of the connection, and the form for a token. */
export function App({ first }: { readonly first: Route }) {
  const { path, page, Content } = useRoute(first);
  const [chosen, setChosen] = useState<TransportName>();
  const [token, setToken] = useState(readToken);
  const [refusal, setRefusal] = useState<string>();
  const connection = useConnection(chosen, token);
  const connectBeside = useCallback<PageProps['connectBeside']>(
    (options) => connectToHub(token, options),
    [token],
  );
  // Shows nothing until everything is there, so that nothing moves when the rest comes.
  if (!connection) return null;
  const { lostSince } = connection;
  const reason = refusal ?? (isUnauthorised(connection.status) ? connection.status.why : undefined);
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header>
        <a class="home" href="/">
          <Logo />
          fanwire
        </a>
        <nav aria-label="Pages">
          {PAGES.map(({ path, title }) => (
            <a
              key={path}
              href={path}
              aria-current={path === page.path ? 'page' : undefined}
              // On a phone the links are wider than the screen.
              ref={path === page.path ? showInRow : null}
            >
              {title}
            </a>
          ))}
        </nav>
        <StatusLine status={connection.status} />
      </header>
      {lostSince && <Lost since={lostSince} why={connection.status.why} />}
      <main id="main" tabIndex={-1} class={`${page.title.toLowerCase()} ${lostSince ? 'stale' : ''}`}>
        <h1 class={page.path === '/' ? 'unseen' : undefined} tabIndex={-1}>
          {page.title}
        </h1>
        {reason && (
          <TokenForm
            reason={reason}
            onToken={(given) => {
              keepToken(given);
              setRefusal(undefined);
              setToken(given);
            }}
          />
        )}
        <Content
          {...connection}
          key={page.path}
          path={path}
          chosen={chosen}
          onChoose={setChosen}
          onRefused={setRefusal}
          connectBeside={connectBeside}
        />
      </main>
    </>
  );
}

function isUnauthorised(status: Status): boolean {
  return status.state === 'closed' && (status.code === 'unauthenticated' || status.code === 'forbidden');
}

function StatusLine({ status }: { status: Status }) {
  return (
    <p class={`status ${status.state}`} role="status">
      {sentenceOf(status)}
    </p>
  );
}

function sentenceOf(status: Status): string {
  switch (status.state) {
    case 'connecting':
      return 'Connecting …';
    case 'connected':
      return `Connected by ${labelOf(status.transport)}`;
    case 'waiting':
      return 'Waiting to try again';
    case 'closed':
      return 'Closed';
  }
}

/** One line that becomes three. */
function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3 16h10M13 16C20 16 20 5 29 5M13 16h16M13 16c7 0 7 11 16 11" />
    </svg>
  );
}
