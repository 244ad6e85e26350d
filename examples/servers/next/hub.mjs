// By Node, not by Next's bundler: the hub reads files of its own and loads what only some have, such as a log's driver.
const { createHub } = await import(/* turbopackIgnore: true */ /* webpackIgnore: true */ 'fanwire');

// One for the process: Next evaluates this module for each bundle that imports it, and in development after each change.
// A message that is published to one hub would not reach the readers of another.
globalThis.hub ??= start();
export const { hub } = globalThis;

function start() {
  const hub = createHub({ basePath: '/realtime' });
  process.once('SIGTERM', () => hub.close());
  return hub;
}
