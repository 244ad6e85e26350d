import type { ServerFrame } from '../../protocol/frames.ts';
import { TransportError } from '../failure.ts';
import { createWatchdog } from '../watchdog.ts';
import { post } from './post.ts';
import { openRequests } from './requests.ts';
import type { Link, Port } from './transport.ts';

/** Bounds what one frame may hold on to: far above the largest message a hub takes by default. */
export const MAX_FRAME_LENGTH = 16 * 1024 * 1024;

/** Takes the text of a response as it comes, and gives each frame's. */
export type Decoder = (onFrame: (text: string) => void) => (chunk: string) => void;

/** A response that stays open, whatever its format. Other subscriptions are another request. */
export function openStream(port: Port, accept: string, decoder: Decoder): Link {
  const { environment } = port;
  return openRequests(port, async (own) => {
    const { signal } = own;
    const watchdog = createWatchdog(environment.proofTimeoutMs, (silence) => own.abort(silence));
    try {
      const response = await post(environment, { frames: port.subscriptions().frames, accept, signal });
      watchdog.means(new TransportError('buffered', 'headers, no body'));
      const push = decoder((text) => {
        // The rest of a chunk whose first frames had the link closed.
        if (signal.aborted) return;
        const frame = JSON.parse(text) as ServerFrame;
        watchdog.hear(frame);
        port.receive(frame);
      });
      const utf8 = new TextDecoder();
      // Not `for await`: Safari's streams can't be iterated.
      const reader = response.body!.getReader();
      const read = () =>
        reader.read().catch(() => {
          throw new TransportError('cut', 'reset');
        });
      for (let chunk = await read(); !chunk.done; chunk = await read()) {
        watchdog.feed();
        push(utf8.decode(chunk.value, { stream: true }));
      }
      throw new TransportError('cut', 'ended');
    } finally {
      watchdog.stop();
    }
  });
}
