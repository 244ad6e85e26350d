import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { WebSocketServer } from 'ws';

/**
 * The `WebSocketServer` of the package `ws`. Bun puts an imitation of its own in the package's place, with which a
 * socket that was full never drains: a slow reader would get nothing more. There the package is taken by its file.
 */
export const ServerClass: typeof WebSocketServer = 'bun' in process.versions ? ofPackage() : WebSocketServer;

function ofPackage(): typeof WebSocketServer {
  const require = createRequire(import.meta.url);
  try {
    return require(join(dirname(require.resolve('ws/package.json')), 'index.js')).WebSocketServer;
  } catch {
    // Bundled, with no package to be found: what Bun has is what there is.
    return WebSocketServer;
  }
}
