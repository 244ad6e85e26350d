import { createHub } from 'fanwire';

// One for the process: Vite loads this module anew after each change, and clients of one hub hear nothing of another.
globalThis.hub ??= start();
export const { hub } = globalThis;

function start() {
  const hub = createHub({ basePath: '/realtime' });
  process.once('SIGTERM', () => hub.close());
  return hub;
}
