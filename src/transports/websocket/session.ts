import type { WebSocket } from 'ws';
import { frameBytes } from '../../hub/budget/limits.ts';
import type { Hub } from '../../hub/hub.ts';
import { readFrame, type UnreadFrame } from '../../hub/session/frame-reader.ts';
import { Session, type SessionWire } from '../../hub/session/session.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { ClientFrame, HelloFrame } from '../../protocol/frames.ts';
import { admit } from '../admission.ts';
import type { Caller } from '../caller.ts';
import type { Handshake } from '../handshake.ts';
import { acceptWebSocket } from './accept.ts';
import { textFormat } from './format.ts';
import { type LinkOwner, WebSocketLink } from './link.ts';

/** How long a client may take for its first frame. */
const HELLO_MS = 10_000;

/** The SDK's endpoint over a WebSocket: one frame of the message language a text frame. */
export function serveSocketSession(handshake: Handshake): void {
  const maxBytes = frameBytes(handshake.hub.limits);
  acceptWebSocket(handshake, maxBytes, (webSocket) => new SocketSession(handshake, webSocket));
}

/**
 *  opened ──hello──► admitting ──► open ──► (ended)
 *  Frames that come while the hello's token is checked wait for it.
 */
type State =
  | { readonly kind: 'opened'; readonly deadline: NodeJS.Timeout }
  | { readonly kind: 'admitting'; readonly waiting: Received[] }
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'ended' };

interface Received {
  readonly frame: ClientFrame | UnreadFrame;
  /** Of the message that brought it. */
  readonly bytes: number;
}

class SocketSession implements LinkOwner, SessionWire {
  readonly sink: WebSocketLink;
  readonly #hub: Hub;
  readonly #caller: Caller;
  #state: State;

  constructor(handshake: Handshake, webSocket: WebSocket) {
    this.#hub = handshake.hub;
    this.#caller = handshake.caller;
    this.sink = new WebSocketLink(handshake, webSocket, textFormat, this);
    this.#state = {
      kind: 'opened',
      deadline: setTimeout(
        () => this.fail(new FanwireError('connection_lost', 'no hello came in time')),
        HELLO_MS,
      ),
    };
  }

  message(data: Buffer, isBinary: boolean): void {
    try {
      if (isBinary) throw new FanwireError('invalid_frame', 'frames of this endpoint are text');
      this.#assertKnown(data.length);
      this.#receive({ frame: readFrame(data, this.#hub.limits.jsonDepth), bytes: data.length });
    } catch (error) {
      this.fail(error);
    }
  }

  drained(): void {
    if (this.#state.kind === 'open') this.#state.session.drained();
  }

  ended(): void {
    if (this.#state.kind === 'opened') clearTimeout(this.#state.deadline);
    if (this.#state.kind === 'open') this.#state.session.gone();
    this.#state = { kind: 'ended' };
  }

  beat(): void {
    this.sink.ping();
  }

  close(reason: FanwireError | undefined): void {
    this.sink.close(reason);
  }

  abort(): void {
    this.sink.abort();
  }

  bye(): void {
    this.sink.finish();
  }

  #receive(received: Received): void {
    const state = this.#state;
    const { frame, bytes } = received;
    switch (state.kind) {
      case 'opened':
        if (!('hello' in frame)) throw new FanwireError('invalid_frame', 'the first frame must be hello');
        clearTimeout(state.deadline);
        this.#state = { kind: 'admitting', waiting: [] };
        this.#admit(frame.hello)
          .catch((error: unknown) => this.fail(error))
          .then(() => this.sink.handled(bytes));
        return;
      case 'admitting':
        state.waiting.push(received);
        return;
      case 'open':
        void state.session.receive(frame).then(() => this.sink.handled(bytes));
        return;
      case 'ended':
        return;
    }
  }

  /** Whoever has not shown a token where one is asked for is not worth the parsing of much. */
  #assertKnown(bytes: number): void {
    const state = this.#state;
    const { access } = state.kind === 'open' ? state.session.connection : this.#caller;
    const most = this.#hub.mostBytes(access, frameBytes(this.#hub.limits));
    if (bytes <= most) return;
    throw new FanwireError(
      'message_too_large',
      `a frame takes ${most} bytes (strangerBytes) before a token is shown`,
    );
  }

  async #admit({ client, ...hello }: HelloFrame['hello']): Promise<void> {
    const caller = await admit(this.#hub, this.#caller, hello);
    if (this.#state.kind !== 'admitting') return;
    const { waiting } = this.#state;
    const session = new Session(this.#hub, { ...caller, transport: 'websocket', client }, this);
    this.#state = { kind: 'open', session };
    for (const received of waiting) this.#receive(received);
  }

  fail(error: unknown): void {
    if (this.#state.kind === 'ended') return;
    const refusal = this.#hub.refuse(error);
    if (this.#state.kind === 'open') {
      this.#state.session.connection.close(refusal);
      return;
    }
    // What was sent behind it is not for a session any more.
    this.ended();
    this.sink.frame(JSON.stringify({ error: refusal.toJSON() }));
    this.sink.close(refusal);
  }
}
