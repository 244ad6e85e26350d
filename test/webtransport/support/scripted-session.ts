import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { Hub } from '../../../src/hub/hub.ts';
import type { HubOptions } from '../../../src/hub/options.ts';
import type { PublishPace } from '../../../src/hub/publishing/publish-pace.ts';
import { memoryLog } from '../../../src/log/memory/memory-log.ts';
import { payloadOf } from '../../../src/log/message.ts';
import { FROM_NOW } from '../../../src/protocol/start.ts';
import type {
  ReceiveStream,
  SendStream,
  SessionOffer,
  WebTransportSession,
} from '../../../src/transports/session-offer.ts';
import { onEnd } from '../../support/on-end.ts';
import { SimulatedRuntime } from '../../support/simulated-runtime.ts';
import { ScriptedReceiveStream, ScriptedSendStream } from './scripted-streams.ts';

/** A session whose client is the test. */
export class ScriptedSession implements WebTransportSession {
  onstream = (_readable: ReceiveStream, _writable?: SendStream): void => {};
  ondatagram = (_bytes: Uint8Array): void => {};
  ondrain = (): void => {};
  onclose = (_code: number, _reason: string): void => {};
  maxDatagramSize = 1200;
  /** Datagrams that are taken until there is no more room. */
  takes = Number.POSITIVE_INFINITY;
  readonly datagrams: string[] = [];
  /** Streams that the hub has opened. */
  readonly opened: ScriptedSendStream[] = [];
  /** What streams that the hub opens have room for. */
  room = Number.POSITIVE_INFINITY;
  mostStreams = Number.POSITIVE_INFINITY;
  closed: number | undefined;

  openUnidirectional(): SendStream {
    if (this.opened.length >= this.mostStreams) throw new Error('as many streams are open as may be');
    const stream = new ScriptedSendStream();
    stream.room = this.room;
    this.opened.push(stream);
    return stream;
  }

  sendDatagram(bytes: Uint8Array): boolean {
    if (bytes.length > this.maxDatagramSize) throw new RangeError('too large for a datagram');
    if (this.takes === 0) return false;
    this.takes -= 1;
    this.datagrams.push(Buffer.from(bytes).toString());
    return true;
  }

  /** There is room for so many datagrams. */
  drain(count: number): void {
    this.takes = count;
    this.ondrain();
  }

  close(code: number): void {
    this.closed ??= code;
  }

  /** The client goes, if the session is there still. */
  end(): void {
    if (this.closed !== undefined) return;
    this.closed = -1;
    this.onclose(-1, 'lost');
  }

  /** The client opens a stream of both directions. */
  openBidirectional(room = Number.POSITIVE_INFINITY) {
    const [readable, writable] = [new ScriptedReceiveStream(), new ScriptedSendStream()];
    writable.room = room;
    this.onstream(readable, writable);
    return { readable, writable };
  }

  /** The client opens a stream that only it writes. */
  openOneWay(): ScriptedReceiveStream {
    const readable = new ScriptedReceiveStream();
    this.onstream(readable);
    return readable;
  }
}

/** Who publishes need not wait for a turn. */
const NO_PACE: PublishPace = { take: () => 0 };

/**
 * A hub whose time passes when the test says so, and the offer of a session with it. At the test's end nothing that clients
 * have sent may be held.
 */
export function offerSession(t: TestContext, options: HubOptions = {}, pace = NO_PACE) {
  const runtime = new SimulatedRuntime();
  const hub = new Hub(memoryLog(), options, runtime);
  const session = new ScriptedSession();
  const address = '127.0.0.1';
  const credentials = { token: undefined, headers: {}, address };
  const offer: SessionOffer = {
    hub,
    caller: { address, network: address, access: hub.anonymous, credentials, pace },
    accept: () => session,
  };
  onEnd(t, async () => {
    session.end();
    await runtime.pass(0);
    assert.equal(hub.received.total, 0, 'everything that was received has been given back');
    await hub.close();
  });
  const publish = async (channel: string, data: unknown) => {
    await hub.publish({
      channel,
      payload: payloadOf(data),
      type: undefined,
      conflationKey: undefined,
      idempotencyKey: undefined,
    });
    hub.fanOut.flush();
  };
  /** How many messages were published on the channel `a`. */
  const published = async () => (await hub.beginning(['a'], FROM_NOW)).sequence;
  return { hub, runtime, session, offer, publish, published };
}
