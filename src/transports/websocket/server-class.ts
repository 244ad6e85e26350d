import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { WebSocket, WebSocketServer } from 'ws';

interface Package {
  readonly WebSocket: typeof WebSocket;
  readonly WebSocketServer: typeof WebSocketServer;
}

/**
 * The classes of the package `ws`. Bun puts an imitation of its own in the package's place, with which a
 * socket that was full never drains: a slow reader would get nothing more. There the package is taken by its file.
 */
export const { WebSocket: SocketClass, WebSocketServer: ServerClass }: Package =
  'bun' in process.versions ? ofPackage() : { WebSocket, WebSocketServer };

function ofPackage(): Package {
  const require = createRequire(import.meta.url);
  try {
    return require(join(dirname(require.resolve('ws/package.json')), 'index.js'));
  } catch {
    // Bundled, with no package to be found: what Bun has is what there is.
    return { WebSocket, WebSocketServer };
  }
}
