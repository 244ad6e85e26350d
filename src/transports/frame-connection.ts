import { frameBytes } from '../hub/budget/limits.ts';
import type { Hub } from '../hub/hub.ts';
import { readFrame, type UnreadFrame } from '../hub/session/frame-reader.ts';
import { Session, type SessionOutlet } from '../hub/session/session.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { ClientFrame, HelloFrame } from '../protocol/frames.ts';
import { admit } from './admission.ts';
import type { Caller } from './caller.ts';

/** How long a client may take for its first frame. */
const HELLO_MS = 10_000;

/**
 *  opened ──hello──► admitting ──► open ──► (ended)
 *  Frames that come while the hello's token is checked wait for it.
 */
type State =
  | { readonly kind: 'opened'; readonly deadline: NodeJS.Timeout }
  | { readonly kind: 'admitting'; readonly session: Promise<Session | undefined> }
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'ended' };

/** A connection that carries the SDK's frames both ways: a hello first, and then a session. */
export class FrameConnection {
  readonly #hub: Hub;
  readonly #caller: Caller;
  readonly #transport: string;
  readonly #outlet: SessionOutlet;
  #state: State;

  constructor(hub: Hub, caller: Caller, transport: string, outlet: SessionOutlet) {
    this.#hub = hub;
    this.#caller = caller;
    this.#transport = transport;
    this.#outlet = outlet;
    const late = () => this.fail(new FanwireError('connection_lost', 'no hello came in time'));
    this.#state = { kind: 'opened', deadline: setTimeout(late, HELLO_MS) };
  }

  /** Takes a frame as it came. Resolves once it has been handled, whatever came of it. */
  async receive(bytes: Buffer): Promise<void> {
    try {
      this.#assertKnown(bytes.length);
      await this.#handle(readFrame(bytes, this.#hub.limits.jsonDepth));
    } catch (error) {
      this.fail(error);
    }
  }

  /** The most bytes that the next frame may have. */
  get maxBytes(): number {
    const state = this.#state;
    const { access } = state.kind === 'open' ? state.session.connection : this.#caller;
    return this.#hub.maxBytes(access, frameBytes(this.#hub.limits));
  }

  /** The session's sink takes more again, or the one of a channel. */
  drained(sink?: SessionOutlet['sink']): void {
    if (this.#state.kind === 'open') this.#state.session.drained(sink);
  }

  /** The other end has gone. */
  ended(): void {
    if (this.#state.kind === 'opened') clearTimeout(this.#state.deadline);
    if (this.#state.kind === 'open') this.#state.session.gone();
    this.#state = { kind: 'ended' };
  }

  /** Ends it with a word about what is wrong. */
  fail(error: unknown): void {
    if (this.#state.kind === 'ended') return;
    const refusal = this.#hub.refuse(error);
    if (this.#state.kind === 'open') {
      this.#state.session.connection.close(refusal);
      return;
    }
    // What was sent behind it is not for a session any more.
    this.ended();
    this.#outlet.sink.frame(JSON.stringify({ error: refusal.toJSON() }));
    this.#outlet.close(refusal);
  }

  async #handle(frame: ClientFrame | UnreadFrame): Promise<void> {
    const state = this.#state;
    switch (state.kind) {
      case 'opened': {
        if (!('hello' in frame)) throw new FanwireError('invalid_frame', 'the first frame must be hello');
        clearTimeout(state.deadline);
        const session = this.#admit(frame.hello);
        this.#state = { kind: 'admitting', session };
        await session;
        return;
      }
      case 'admitting': {
        const session = await state.session;
        await session?.receive(frame);
        return;
      }
      case 'open':
        await state.session.receive(frame);
        return;
      case 'ended':
        return;
    }
  }

  /** A client that has not shown a token where one is asked for is not worth the parsing of much. */
  #assertKnown(bytes: number): void {
    const maxBytes = this.maxBytes;
    if (bytes <= maxBytes) return;
    throw new FanwireError(
      'message_too_large',
      `a frame takes ${maxBytes} bytes (strangerBytes) before a token is shown`,
    );
  }

  async #admit({ client, ...hello }: HelloFrame['hello']): Promise<Session | undefined> {
    const caller = await admit(this.#hub, this.#caller, hello);
    if (this.#state.kind !== 'admitting') return undefined;
    const session = new Session(this.#hub, { ...caller, transport: this.#transport, client }, this.#outlet);
    this.#state = { kind: 'open', session };
    return session;
  }
}
