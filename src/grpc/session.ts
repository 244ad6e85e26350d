import type { HandlerContext } from '@connectrpc/connect';
import type { SessionOutlet } from '../hub/session/session.ts';
import type { FanwireError } from '../protocol/errors.ts';
import type { StreamOwner } from '../transports/byte-stream.ts';
import { FrameConnection } from '../transports/frame-connection.ts';
import { StreamSink } from '../transports/stream-sink.ts';
import { beginStream, type Call, callOf, endOf } from './call.ts';
import { CallEnd } from './call-end.ts';
import { codecOf } from './envelope.ts';
import type { ClientFrame } from './gen/fanwire/v1/hub_pb.ts';
import { FRAMES } from './stream-formats.ts';
import { StreamedBody } from './streamed-body.ts';

/** The SDK's endpoint as a call: frames both ways, `hello` first. */
export function connect(requests: AsyncIterable<ClientFrame>, context: HandlerContext): AsyncIterable<never> {
  return endOf(async () => {
    const session = new CallSession(callOf(context), context);
    try {
      void session.receive(requests);
      await session.end.ended();
    } finally {
      session.ended();
    }
  });
}

class CallSession implements SessionOutlet, StreamOwner {
  readonly sink: StreamSink;
  readonly end: CallEnd;
  readonly #call: Call;
  readonly #frames: FrameConnection;

  constructor(call: Call, context: HandlerContext) {
    const { hub, caller } = call.exchange;
    this.#call = call;
    this.end = new CallEnd(call, context);
    const formats = FRAMES[codecOf(context.requestHeader.get('content-type'))];
    this.sink = new StreamSink(hub.meter, formats, this, (owner) => beginStream(context, call, owner));
    this.#frames = new FrameConnection(hub, caller, context.protocolName, this);
    if (call.body instanceof StreamedBody) call.body.maxBytes = () => this.#frames.maxBytes;
  }

  /** One frame after another: the next one is read once the one before has been handled. Their end does not end the session. */
  async receive(requests: AsyncIterable<ClientFrame>): Promise<void> {
    try {
      for await (const { json } of requests) {
        await this.#frames.receive(Buffer.from(json));
        this.#call.body.handled();
      }
    } catch (error) {
      // It has its status already: the body's, or Connect's for bytes that are no frame.
      this.end.fail(error);
    }
  }

  drained(): void {
    this.#frames.drained();
  }

  ended(): void {
    this.#frames.ended();
    this.end.finish();
  }

  close(reason: FanwireError | undefined): void {
    this.end.close(reason);
  }

  abort(): void {
    this.sink.abort();
  }

  bye(): void {
    this.end.finish();
  }
}
