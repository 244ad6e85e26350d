import { createLineReader } from '../../wire/ndjson-reader.ts';
import { MAX_FRAME_LENGTH, openStream } from './stream.ts';
import type { Transport } from './transport.ts';

/**
 * Read through `fetch`, because an `EventSource` can send neither a body nor a header. A frame is JSON without a line
 * break, so that each `data:` line is a whole frame. The other lines, comments for example, only show that the link lives.
 */
export const sse: Transport = {
  name: 'sse',
  streaming: true,
  open: (port) =>
    openStream(port, 'text/event-stream', (onFrame) =>
      createLineReader((line) => {
        // JSON allows the space that may stand after the colon.
        if (line.startsWith('data:')) onFrame(line.slice(5));
      }, MAX_FRAME_LENGTH),
    ),
};
