import type { ServerFrame } from '../../protocol/frames.ts';
import { TransportError } from '../failure.ts';
import { createWatchdog } from '../watchdog.ts';
import { post } from './post.ts';
import { openRequests } from './requests.ts';
import type { Link, Port } from './transport.ts';

/** Bounds the memory that one frame may take. It is far above the largest message that a hub takes by default. */
export const MAX_FRAME_LENGTH = 16 * 1024 * 1024;

/** Takes the text of a response in parts, and hands on the text of each frame. */
export type Decoder = (onFrame: (text: string) => void) => (chunk: string) => void;

/** A response that stays open, in any format. When the subscriptions change, another request replaces it. */
export function openStream(port: Port, accept: string, decoder: Decoder): Link {
  const { environment } = port;
  return openRequests(port, async (own) => {
    const { signal } = own;
    const watchdog = createWatchdog(
      environment.proofTimeoutMs,
      (silence) => own.abort(silence),
      environment.runtime,
    );
    try {
      const response = await post(environment, { frames: port.subscriptions().frames, accept, signal });
      watchdog.means(new TransportError('buffered', 'headers, no body'));
      const push = decoder((text) => {
        // A frame before this one, of the same chunk, has closed the link.
        if (signal.aborted) return;
        const frame = JSON.parse(text) as ServerFrame;
        watchdog.hear(frame);
        port.receive(frame);
      });
      const utf8 = new TextDecoder();
      // Not by `for await`, because Safari's streams can't be iterated.
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
