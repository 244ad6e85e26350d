import { WebSocket } from 'ws';
import { AGAIN_MS, repeat } from './by-hand.ts';
import type { Reading, Technique } from './client.ts';
import { itemTaker } from './items.ts';

export const websocket: Technique = {
  name: 'websocket',
  how: 'a `WebSocket`, another one a second after its end, with `?after=`',
  read(reading) {
    let after = 'start';
    void repeat(reading, async () => {
      await readSocket(reading, after, (id) => (after = id));
      return AGAIN_MS;
    });
  },
};

/** Resolves once it is closed. */
function readSocket(reading: Reading, after: string, reach: (id: string) => void): Promise<void> {
  const { url, channel, reception, signal } = reading;
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/channels/${channel}?after=${after}`);
  const end = () => socket.terminate();
  signal.addEventListener('abort', end);
  const take = itemTaker(reception, reach);
  socket.on('message', (text) => take(`${text}`));
  // A page's `error` event tells nothing: only its `close` has a code.
  let refusal = '';
  socket.on('error', ({ message }) => (refusal = message.replace('Unexpected server response:', 'answer')));
  return new Promise((resolve) => {
    socket.on('close', (code) => {
      signal.removeEventListener('abort', end);
      if (!signal.aborted) reception.say(refusal || `close code ${code}`);
      resolve();
    });
  });
}
