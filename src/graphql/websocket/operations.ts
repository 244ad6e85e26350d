import type { GraphQLError } from 'graphql';
import type { Connection } from '../../hub/connections/connection.ts';
import type { Cursor } from '../../hub/delivery/cursor.ts';
import type { Hub } from '../../hub/hub.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { Caller } from '../../transports/caller.ts';
import type { SocketSink } from '../../transports/websocket/socket-sink.ts';
import { graphqlError, requestErrors } from '../errors.ts';
import { eventFormatsOf } from '../event-formats.ts';
import type { Documents, OperationRequest } from '../operation/documents.ts';
import { type AskedSubscription, answerOperation, beginSubscription } from '../operation/execute.ts';
import { resultJson } from '../result-json.ts';
import { OperationSink } from './operation-sink.ts';

type Operation =
  /** It is executed, or about to subscribe. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'subscribed'; readonly cursor: Cursor; readonly channels: number };

/** The operations under way on one socket, by the ids that the client gave them. */
export class Operations {
  readonly #hub: Hub;
  readonly #caller: Caller;
  readonly #connection: Connection;
  readonly #sink: SocketSink;
  readonly #documents: Documents;
  readonly #byId = new Map<string, Operation>();
  /** Of all subscriptions together. */
  #channels = 0;

  constructor(hub: Hub, caller: Caller, connection: Connection, sink: SocketSink, documents: Documents) {
    this.#hub = hub;
    this.#caller = caller;
    this.#connection = connection;
    this.#sink = sink;
    this.#documents = documents;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Executes an operation. Resolves once it has been answered; a subscription, once it has begun. */
  async begin(id: string, request: OperationRequest): Promise<void> {
    const begun: Operation = { kind: 'begun' };
    this.#byId.set(id, begun);
    const isWanted = () => this.#byId.get(id) === begun && !this.#connection.closed;
    try {
      const operation = this.#documents.operation(request);
      const context = { hub: this.#hub, caller: this.#caller };
      if (operation.definition.operation === 'subscription') {
        const subscription = await beginSubscription(operation, context);
        if (!isWanted()) return;
        if (subscription.kind === 'refused') this.#refuse(id, subscription.errors);
        else this.#subscribe(id, subscription.asked);
        return;
      }
      const result = await answerOperation(operation, context);
      if (!isWanted()) return;
      if (!('data' in result)) {
        this.#refuse(id, result.errors!);
        return;
      }
      this.#byId.delete(id);
      this.#send(id, 'next', resultJson(result));
      this.#send(id, 'complete');
    } catch (error) {
      const errors = requestErrors(this.#hub, error);
      if (isWanted()) this.#refuse(id, errors);
    }
  }

  /** The client wants no more of it; one that has ended already is none of its concern either. */
  complete(id: string): void {
    const operation = this.#byId.get(id);
    this.#byId.delete(id);
    if (operation?.kind !== 'subscribed') return;
    this.#channels -= operation.channels;
    this.#connection.drop(operation.cursor);
  }

  /** Ends the operations that read a channel. */
  withdraw(channel: string, reason: FanwireError): void {
    for (const [id, operation] of [...this.#byId]) {
      if (operation.kind !== 'subscribed' || !operation.cursor.feed.channels.includes(channel)) continue;
      this.complete(id);
      this.#refuse(id, [graphqlError(reason)]);
    }
  }

  /** The socket takes more again. One cursor after the other; the one that fills it goes behind the rest. */
  async drained(): Promise<void> {
    await this.#connection.drained();
    for (const [id, operation] of [...this.#byId]) {
      if (!this.#sink.writable) return;
      if (operation.kind !== 'subscribed' || !operation.cursor.lagging) continue;
      await operation.cursor.resume();
      if (this.#sink.writable || this.#byId.get(id) !== operation) continue;
      this.#byId.delete(id);
      this.#byId.set(id, operation);
    }
  }

  /** @throws FanwireError `too_many_channels` */
  #subscribe(id: string, { channels, start, selection }: AskedSubscription): void {
    const maxChannels = this.#hub.limits.channelsPerConnection;
    if (this.#channels + channels.length > maxChannels) {
      throw new FanwireError(
        'too_many_channels',
        `a connection takes ${maxChannels} channels (channelsPerConnection)`,
      );
    }
    this.#channels += channels.length;
    const sink = new OperationSink(this.#sink, id, eventFormatsOf(selection).results);
    const cursor = this.#connection.open(channels, start, sink);
    this.#byId.set(id, { kind: 'subscribed', cursor, channels: channels.length });
    void cursor.resume();
  }

  #refuse(id: string, errors: readonly GraphQLError[]): void {
    this.#byId.delete(id);
    this.#send(id, 'error', resultJson(errors));
  }

  #send(id: string, type: 'next' | 'error' | 'complete', payload?: string): void {
    const member = payload === undefined ? '' : `,"payload":${payload}`;
    this.#sink.frame(`{"id":${JSON.stringify(id)},"type":"${type}"${member}}`);
  }
}
