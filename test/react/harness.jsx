// The page of the tests: a component that shows what it reads as JSON.
import { connect } from 'fanwire/client';
import { createHooks } from 'fanwire/react';
import { connect as share } from 'fanwire/tabs';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';

const { FanwireProvider, useChannel, usePresence, useStatus } = createHooks();

let made = 0;
const makeClient = () => {
  made++;
  return connect('', { transports: ['websocket'], storage: null });
};
const makeShared = () => share('', { transports: ['websocket'], storage: null });

/** What was seen, newest last: tests look at identities that JSON does not show. */
const views = [];
const folding = { reduce: (sum, { data }) => sum + data, initial: 0 };

function Reader({ channel, options }) {
  const view = useChannel(channel, { ...folding, ...options });
  const status = useStatus();
  const members = usePresence(options?.watch);
  useEffect(() => {
    views.push(view);
  });
  const shown = {
    data: view.messages.map(({ data }) => data),
    last: view.last?.data ?? null,
    gaps: view.gaps.map(({ reason }) => reason),
    error: view.error?.code ?? null,
    members: members.map(({ data }) => data),
    ready: view.ready,
    state: view.state,
    connected: status.state,
    via: status.via ?? null,
  };
  return <output>{JSON.stringify(shown)}</output>;
}

let root;
globalThis.harness = {
  views,
  made: () => made,
  /** @param readers what each component reads: a list of `{ channel, options }` */
  render(readers, shared = false) {
    root ??= createRoot(document.body.appendChild(document.createElement('main')));
    root.render(
      <StrictMode>
        <FanwireProvider client={shared ? makeShared : makeClient}>
          {readers.map((each, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a test has them in their places
            <Reader key={index} {...each} />
          ))}
        </FanwireProvider>
      </StrictMode>,
    );
  },
  unmount: () => root.unmount(),
  shown: () => [...document.querySelectorAll('output')].map((each) => JSON.parse(each.textContent)),
};
