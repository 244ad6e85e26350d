import type { Meter } from '../../hub/meter.ts';
import type { StreamOwner } from '../byte-stream.ts';
import { lineFormats } from '../line-format.ts';
import type { SendStream } from '../session-offer.ts';
import { StreamSink } from '../stream-sink.ts';
import { SendBytes } from './send-bytes.ts';

/**
 * A stream of a session that carries lines of JSON.
 * @param overflow as `SendBytes`
 */
export function lineSink(
  meter: Meter,
  stream: SendStream,
  owner: StreamOwner,
  overflow: () => void,
): StreamSink {
  return new StreamSink(meter, lineFormats, owner, (told) => new SendBytes(stream, told, overflow));
}
