import { frameBytes } from '../hub/budget/limits.ts';
import { checkFrame } from '../hub/session/frame-reader.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { ClientFrame, HelloFrame } from '../protocol/frames.ts';
import { admit } from '../transports/admission.ts';
import { type Exchange, isAbandoned, type SessionRequest } from '../transports/exchange.ts';
import { serveLineSession } from '../transports/http-streaming/session.ts';
import { serveLongPollSession } from '../transports/long-polling/session.ts';
import { servePollSession } from '../transports/polling/session.ts';
import { serveEventSession } from '../transports/sse/session.ts';
import { decodeText, mediaTypeOf, readBody } from './body.ts';
import { negotiate } from './negotiation.ts';

/** `POST` on the SDK's endpoint: the client's frames in, the hub's frames out, as `Accept` says. */
export async function serveConnect(asked: Exchange): Promise<void> {
  const mediaType = negotiate(asked.request);
  const { hello, ...request } = await readSession(asked);
  const exchange = { ...asked, caller: await admit(asked.hub, asked.caller, hello) };
  // Its end has been told of already: nobody would let go of a session opened now.
  if (isAbandoned(exchange.response)) return;
  switch (mediaType) {
    case 'text/event-stream':
      return serveEventSession(exchange, request);
    case 'application/x-ndjson':
      return serveLineSession(exchange, request);
    case 'application/json': {
      const parks = request.waitSeconds > 0 && request.frames.some((frame) => 'subscribe' in frame);
      return parks ? serveLongPollSession(exchange, request) : servePollSession(exchange, request);
    }
  }
}

async function readSession(exchange: Exchange): Promise<SessionRequest & HelloFrame> {
  const { hub, request } = exchange;
  const mediaType = mediaTypeOf(request);
  if (mediaType !== 'application/json') {
    throw new FanwireError('unsupported_media_type', 'frames are sent as application/json: an array of them');
  }
  const [first, ...rest] = framesIn(
    decodeText(await readBody(exchange, Math.min(hub.limits.bodyBytes, frameBytes(hub.limits)))),
  );
  if (!first || !('hello' in first)) throw new FanwireError('invalid_frame', 'the first frame must be hello');
  const { hello } = first;
  const waitSeconds = Math.min(hello.wait ?? 0, hub.limits.waitSeconds);
  return { client: hello.client, hello, frames: rest, waitSeconds };
}

function framesIn(text: string): ClientFrame[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FanwireError('invalid_json', (error as Error).message);
  }
  if (!Array.isArray(value)) throw new FanwireError('invalid_frame', 'expected an array of frames');
  return value.map(checkFrame);
}
