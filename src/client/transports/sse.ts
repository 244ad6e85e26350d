import { createLineReader } from '../../wire/ndjson-reader.ts';
import { MAX_FRAME_LENGTH, openStream } from './stream.ts';
import type { Transport } from './transport.ts';

/**
 * Read through `fetch`, as an `EventSource` can send neither a body nor a header. A frame is JSON without a
 * line break, so each `data:` line is a whole one: nothing else of an event matters here, and the other
 * lines, comments for example, only say that the link lives.
 */
export const sse: Transport = {
  name: 'sse',
  streaming: true,
  open: (port) =>
    openStream(port, 'text/event-stream', (onFrame) =>
      createLineReader((line) => {
        // The space after the colon, if there is one, is white space to JSON.
        if (line.startsWith('data:')) onFrame(line.slice(5));
      }, MAX_FRAME_LENGTH),
    ),
};
