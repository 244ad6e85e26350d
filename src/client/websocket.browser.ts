import type { Socket } from './environment.ts';

/** Bundlers for browsers take this file in place of websocket.node.ts, by package.json's `browser` map. */
export function openSocket(url: string): Socket {
  return new WebSocket(url);
}
