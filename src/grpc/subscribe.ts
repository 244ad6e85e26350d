import type { HandlerContext } from '@connectrpc/connect';
import type { Connection, Outlet } from '../hub/connections/connection.ts';
import type { FanwireError } from '../protocol/errors.ts';
import { formatPosition, type Position } from '../protocol/position.ts';
import { FROM_NOW, type Start } from '../protocol/start.ts';
import type { StreamOwner } from '../transports/byte-stream.ts';
import { StreamSink } from '../transports/stream-sink.ts';
import { beginStream, type Call, endOf, refusalOf } from './call.ts';
import { CallEnd } from './call-end.ts';
import { codecOf } from './envelope.ts';
import type { SubscribeRequest } from './gen/fanwire/v1/hub_pb.ts';
import { askedOf } from './reading.ts';
import { EVENTS } from './stream-formats.ts';

/** Tells what the channels have from the start on, and then what comes, until either end goes. */
export function subscribe(request: SubscribeRequest, context: HandlerContext): AsyncIterable<never> {
  return endOf(async () => {
    const { call, channels, start = FROM_NOW } = await askedOf(request, context);
    const position = await beginningOf(call, channels, start);
    // The `close` event has fired already: nobody would let go of a connection opened now.
    if (call.exchange.abandoned || context.signal.aborted) throw context.signal.reason;
    const from: Start = start.kind === 'now' ? { kind: 'after', position } : start;
    const stream = new EventStream(call, context);
    try {
      stream.subscribe(channels, from, position);
      await stream.end.ended();
    } finally {
      stream.ended();
    }
  });
}

async function beginningOf(call: Call, channels: readonly string[], start: Start): Promise<Position> {
  try {
    return await call.exchange.hub.beginning(channels, start);
  } catch (error) {
    throw refusalOf(call, error);
  }
}

// Fields, not closures over the call: ten thousand idle streams feel every one.
class EventStream implements Outlet, StreamOwner {
  readonly sink: StreamSink;
  readonly end: CallEnd;
  readonly #connection: Connection;

  constructor(call: Call, context: HandlerContext) {
    const { hub, caller } = call.exchange;
    this.end = new CallEnd(call, context);
    const formats = EVENTS[codecOf(context.requestHeader.get('content-type'))];
    this.sink = new StreamSink(hub.meter, formats, this, (owner) => beginStream(context, call, owner));
    const { protocolName: transport } = context;
    this.#connection = hub.connect({ transport, address: caller.address, access: caller.access }, this);
  }

  subscribe(channels: readonly string[], from: Start, position: Position): void {
    this.beat(position);
    void this.#connection.open(channels, from).resume();
  }

  drained(): void {
    void this.#connection.drained();
  }

  ended(): void {
    this.#connection.gone();
    this.end.finish();
  }

  beat(position: Position | undefined): void {
    this.sink.frame(JSON.stringify({ heartbeat: position ? { position: formatPosition(position) } : {} }));
  }

  close(reason: FanwireError | undefined): void {
    this.end.close(reason);
  }

  abort(): void {
    this.sink.abort();
  }
}
