import type { ReceiveStream } from '../../src/receive-stream.ts';
import type { SendStream } from '../../src/send-stream.ts';

/** Gives back what comes on a stream, no faster than it is taken. For a session's `onstream`. */
export function echo(readable: ReceiveStream, writable?: SendStream): void {
  if (!writable) return;
  readable.ondata = (bytes) => {
    if (!writable.write(bytes)) readable.pause();
  };
  writable.ondrain = () => readable.resume();
  readable.onend = () => writable.end();
}
