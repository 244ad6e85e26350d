import { createLineReader } from '../../wire/ndjson-reader.ts';
import { MAX_FRAME_LENGTH, openStream } from './stream.ts';
import type { Transport } from './transport.ts';

/** Each frame is one line. */
export const httpStreaming: Transport = {
  name: 'http-streaming',
  streaming: true,
  open: (port) =>
    openStream(port, 'application/x-ndjson', (onFrame) => createLineReader(onFrame, MAX_FRAME_LENGTH)),
};
