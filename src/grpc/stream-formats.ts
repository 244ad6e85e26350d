import { create, fromJsonString } from '@bufbuild/protobuf';
import { gapJson, messageJson } from '../transports/message-json.ts';
import { type StreamFormats, streamFormats } from '../transports/stream-sink.ts';
import { type Codec, envelope } from './envelope.ts';
import { eventOf } from './events.ts';
import { EventSchema, HubFrameSchema } from './gen/fanwire/v1/hub_pb.ts';

/** The messages of a stream, each with what stands before it: once encoded, they go to every call, of whichever protocol. */
type Formats = Readonly<Record<Codec, StreamFormats>>;

/** Messages, gaps and heartbeats as events; a frame is the event's JSON. */
export const EVENTS: Formats = { proto: eventsIn('proto'), json: eventsIn('json') };

/** The frames of the SDK's session. */
export const FRAMES: Formats = { proto: framesIn('proto'), json: framesIn('json') };

function eventsIn(codec: Codec): StreamFormats {
  return streamFormats(
    (item) => envelope(codec, EventSchema, eventOf(item)),
    (json) => envelope(codec, EventSchema, fromJsonString(EventSchema, json)),
  );
}

function framesIn(codec: Codec): StreamFormats {
  const frame = (json: string) => envelope(codec, HubFrameSchema, create(HubFrameSchema, { json }));
  return streamFormats(
    (item) => frame(item.kind === 'message' ? messageJson(item.message) : gapJson(item.gap)),
    frame,
  );
}
