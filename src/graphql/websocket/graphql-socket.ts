import type { WebSocket } from 'ws';
import { frameBytes } from '../../hub/budget/limits.ts';
import type { Connection, Outlet } from '../../hub/connections/connection.ts';
import type { Hub } from '../../hub/hub.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { admit } from '../../transports/admission.ts';
import type { Caller } from '../../transports/caller.ts';
import type { Handshake } from '../../transports/handshake.ts';
import { acceptWebSocket } from '../../transports/websocket/accept.ts';
import { textFormat } from '../../transports/websocket/format.ts';
import { type SocketOwner, SocketSink } from '../../transports/websocket/socket-sink.ts';
import type { Documents } from '../operation/documents.ts';
import { type ClientMessage, readClientMessage } from './client-message.ts';
import { GRAPHQL_CLOSE, graphqlCloseCodeOf } from './close-codes.ts';
import { Operations } from './operations.ts';
import { tokenIn } from './token.ts';

const SUBPROTOCOL = 'graphql-transport-ws';

/** How long a client may take to introduce itself. */
const INIT_MS = 10_000;

/** What a close frame has room for (RFC 6455 section 5.5). */
const MAX_REASON_BYTES = 123;

/**
 *  opened ──connection_init──► admitting ──► open ──► ended
 */
type State =
  | { readonly kind: 'opened'; readonly deadline: NodeJS.Timeout }
  | { readonly kind: 'admitting' }
  | { readonly kind: 'open'; readonly connection: Connection; readonly operations: Operations }
  | { readonly kind: 'ended' };

/** Takes the handshake of a WebSocket that is to speak graphql-transport-ws. */
export function acceptGraphQL(handshake: Handshake, documents: Documents): void {
  const maxBytes = frameBytes(handshake.hub.limits);
  acceptWebSocket(
    handshake,
    maxBytes,
    (webSocket) => new GraphQLSocket(handshake, webSocket, documents),
    SUBPROTOCOL,
  );
}

/** A WebSocket of many operations, each of them a cursor if it subscribes. */
class GraphQLSocket implements SocketOwner, Outlet {
  readonly sink: SocketSink;
  readonly #hub: Hub;
  readonly #webSocket: WebSocket;
  readonly #documents: Documents;
  #caller: Caller;
  #state: State;

  constructor({ hub, caller, ...rest }: Handshake, webSocket: WebSocket, documents: Documents) {
    this.#hub = hub;
    this.#caller = caller;
    this.#webSocket = webSocket;
    this.#documents = documents;
    this.sink = new SocketSink({ hub, caller, ...rest }, webSocket, textFormat, this);
    const late = () => this.#close(GRAPHQL_CLOSE.initialisationTimeout, 'Connection initialisation timeout');
    this.#state = { kind: 'opened', deadline: setTimeout(late, INIT_MS) };
    if (webSocket.protocol !== SUBPROTOCOL) {
      this.#close(GRAPHQL_CLOSE.subprotocolNotAcceptable, `the subprotocol is ${SUBPROTOCOL}`);
    }
  }

  message(data: Buffer, isBinary: boolean): void {
    void this.#receive(data, isBinary).then(() => this.sink.handled(data.length));
  }

  fail(error: unknown): void {
    const refusal = this.#hub.refuse(error);
    if (this.#state.kind === 'open') this.#state.connection.close(refusal);
    else this.close(refusal);
  }

  drained(): void {
    if (this.#state.kind === 'open') void this.#state.operations.drained();
  }

  ended(): void {
    const state = this.#state;
    this.#state = { kind: 'ended' };
    if (state.kind === 'opened') clearTimeout(state.deadline);
    if (state.kind === 'open') state.connection.gone();
  }

  beat(): void {
    this.sink.ping();
  }

  close(reason: FanwireError | undefined): void {
    if (reason) this.#close(graphqlCloseCodeOf(reason.code), reason.message);
    else {
      this.ended();
      this.sink.close(undefined);
    }
  }

  withdraw(channel: string, reason: FanwireError): void {
    if (this.#state.kind === 'open') this.#state.operations.withdraw(channel, reason);
  }

  abort(): void {
    this.sink.abort();
  }

  #close(code: number, reason: string): void {
    this.ended();
    this.#webSocket.close(code, fitting(reason));
  }

  /** Resolves once the message has been handled, whatever came of it: a subscription once it has begun. */
  async #receive(data: Buffer, isBinary: boolean): Promise<void> {
    if (this.#state.kind === 'ended') return;
    try {
      this.#assertKnown(data.length);
      if (isBinary) throw new FanwireError('invalid_frame', 'messages are text');
      await this.#handle(readClientMessage(data, this.#hub.limits.jsonDepth));
    } catch (error) {
      this.fail(error);
    }
  }

  async #handle(message: ClientMessage): Promise<void> {
    switch (message.type) {
      case 'connection_init':
        await this.#begin(tokenIn(message.payload));
        return;
      case 'ping':
        this.#send({ type: 'pong', ...(message.payload && { payload: message.payload }) });
        return;
      case 'pong':
        return;
      case 'subscribe':
        if (this.#state.kind !== 'open') this.#close(GRAPHQL_CLOSE.unauthorized, 'Unauthorized');
        else if (this.#state.operations.has(message.id)) {
          this.#close(GRAPHQL_CLOSE.subscriberAlreadyExists, `Subscriber for ${message.id} already exists`);
        } else await this.#state.operations.begin(message.id, message.payload);
        return;
      case 'complete':
        if (this.#state.kind === 'open') this.#state.operations.complete(message.id);
    }
  }

  async #begin(token: string | undefined): Promise<void> {
    if (this.#state.kind !== 'opened') {
      this.#close(GRAPHQL_CLOSE.tooManyInitialisationRequests, 'Too many initialisation requests');
      return;
    }
    clearTimeout(this.#state.deadline);
    this.#state = { kind: 'admitting' };
    const hub = this.#hub;
    this.#caller = await admit(hub, this.#caller, { token });
    // It may have gone meanwhile.
    if ((this.#state as State).kind !== 'admitting') return;
    const { address, access } = this.#caller;
    const connection = hub.connect({ transport: 'graphql-ws', address, access }, this);
    const operations = new Operations(hub, this.#caller, connection, this.sink, this.#documents);
    this.#state = { kind: 'open', connection, operations };
    this.#send({ type: 'connection_ack' });
  }

  #send(message: object): void {
    this.sink.frame(JSON.stringify(message));
  }

  /** Whoever has not shown a token where one is asked for is not worth the parsing of much. */
  #assertKnown(bytes: number): void {
    const maxBytes = this.#hub.maxBytes(this.#caller.access, frameBytes(this.#hub.limits));
    if (bytes <= maxBytes) return;
    throw new FanwireError(
      'message_too_large',
      `a message takes ${maxBytes} bytes (strangerBytes) before a token is shown`,
    );
  }
}

function fitting(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= MAX_REASON_BYTES) return reason;
  // Cut within a character, what is left of that is no text.
  return bytes.toString('utf8', 0, MAX_REASON_BYTES - 3).replace(/\ufffd+$/, '');
}
