import { frameBytes } from '../hub/budget/limits.ts';
import type { Hub } from '../hub/hub.ts';
import { elementsOf } from '../hub/publishing/json-check.ts';
import { readFrame, type UnreadFrame } from '../hub/session/frame-reader.ts';
import { TimeSlice } from '../hub/time-slice.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { ClientFrame } from '../protocol/frames.ts';
import type { Limits } from '../protocol/limits.ts';
import { admit } from '../transports/admission.ts';
import type { SessionRequest } from '../transports/exchange.ts';
import { assertUtf8, mediaTypeOf, readBody } from './body.ts';
import { negotiate } from './negotiation.ts';
import type { ServerExchange } from './server-exchange.ts';

type Frame = ClientFrame | UnreadFrame;

/** What a frame beside those that publish may take: a channel's name, a position, and the words around them. */
const SUBSCRIBE_BYTES = 512;

/** `POST` on the SDK's endpoint: the client's frames in, the hub's frames out, as `Accept` says. */
export async function serveConnect(asked: ServerExchange): Promise<void> {
  const transports = negotiate(asked.request);
  const { exchange, request } = await readSession(asked);
  // The `close` event has fired already: nobody would let go of a session opened now.
  if (exchange.abandoned) return;
  const transport = transports.find((one) => one.takesSession?.(request) ?? true)!;
  if (!transport.push) exchange.hub.meter.polls += 1;
  return transport.serveSession(exchange, request);
}

/** Who asks, and for what. Nothing of the body is kept: a view of its first frame would keep all of it. */
async function readSession(
  asked: ServerExchange,
): Promise<{ exchange: ServerExchange; request: SessionRequest }> {
  const { hub } = asked;
  const [first, ...rest] = await readElements(asked);
  const slice = new TimeSlice();
  // Alone at first: until it is known whose they are, the others are not worth reading.
  const frame = first && readFrame(first, hub.limits.jsonDepth);
  if (!frame || !('hello' in frame)) throw new FanwireError('invalid_frame', 'the first frame must be hello');
  const { hello } = frame;
  const exchange = asked.by(await admit(hub, asked.caller, hello));
  const frames = await framesIn(hub, rest, slice);
  const waitSeconds = Math.min(hello.wait ?? 0, hub.limits.waitSeconds);
  return { exchange, request: { client: hello.client, frames, waitSeconds } };
}

/** The frames of a request's body, unread. */
async function readElements(exchange: ServerExchange): Promise<Buffer[]> {
  const { hub, request } = exchange;
  const mediaType = mediaTypeOf(request);
  if (mediaType !== 'application/json') {
    throw new FanwireError('unsupported_media_type', 'frames are sent as application/json: an array of them');
  }
  const body = await readBody(exchange, maxBytesOf(hub.limits));
  assertUtf8(body);
  const maxFrames = maxFramesOf(hub.limits);
  const elements = elementsOf(body, maxFrames, () => {
    return new FanwireError(
      'batch_too_large',
      `a request takes ${maxFrames} frames (framesPerRequest): send them in several`,
    );
  });
  if (!elements) throw new FanwireError('invalid_frame', 'expected an array of frames');
  return elements as Buffer[];
}

/** One publish of the largest message, or as many subscriptions as a connection may have. */
function maxBytesOf(limits: Limits): number {
  const { bodyBytes, channelsPerConnection, presenceBytes } = limits;
  const subscriptions = channelsPerConnection * (SUBSCRIBE_BYTES + presenceBytes);
  return Math.min(bodyBytes, Math.max(frameBytes(limits), subscriptions));
}

function maxFramesOf({ framesPerRequest, channelsPerConnection }: Limits): number {
  return Math.max(framesPerRequest, channelsPerConnection + 1);
}

/** The frames of elements, which are let go of: they are a view of the whole body. */
async function framesIn({ limits }: Hub, elements: Buffer[], slice: TimeSlice): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (const [index, element] of elements.entries()) {
    if (slice.isOver) await slice.next();
    try {
      frames.push(readFrame(element, limits.jsonDepth));
    } catch (error) {
      const { code, message } = error as FanwireError;
      throw new FanwireError(code, `frame ${index + 2}: ${message}`);
    }
  }
  elements.length = 0;
  return frames;
}
