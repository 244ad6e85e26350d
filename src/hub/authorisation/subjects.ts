import { dataOf } from '../../log/message.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { Start } from '../../protocol/start.ts';
import type { Connection } from '../connections/connection.ts';
import { LocalSubscription } from '../connections/local-subscription.ts';
import type { Hub } from '../hub.ts';
import type { HubOptions } from '../options.ts';
import { assertOperator } from './operator-channel.ts';
import { DISCONNECTS_CHANNEL, REVOCATIONS_CHANNEL } from './own-channels.ts';
import { type Holder, type Revocation, Revocations, revoked } from './revocations.ts';
import { tellNodes } from './tell-nodes.ts';

const PAGE = { messages: 1000, bytes: 256 * 1024 };

/**
 * Ends what belongs to one subject, on all nodes of a log. What is to end is said on channels of the hub's own, so that
 * a node which was away, or starts later, learns of it as well.
 */
export class Subjects {
  readonly #hub: Hub;
  readonly #revocations = new Revocations();
  #reading: Promise<void> | undefined;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** Begins to do what any node is told; it ends with the hub. */
  follow(): void {
    // A log that can't be read refuses everyone by itself; the subscription goes on when it can.
    this.#reading = this.#readAll()
      .catch(() => {})
      .finally(() => {
        this.#reading = undefined;
      });
    const channels = [REVOCATIONS_CHANNEL, DISCONNECTS_CHANNEL];
    new LocalSubscription(
      this.#hub,
      channels,
      { kind: 'start' },
      {
        message: ({ channel, data, time }) => {
          if (channel === DISCONNECTS_CHANNEL) this.#end((data as { subject: string }).subject);
          else this.#revoke(data as Revocation, time);
        },
      },
    );
  }

  /** Resolves once it is known what was revoked before this node began; undefined when it is. */
  get reading(): Promise<void> | undefined {
    return this.#reading;
  }

  /** @throws FanwireError `unauthenticated` for what was revoked */
  assertValid(grant: Holder): void {
    if (this.#revocations.covers(grant, this.#hub.runtime.now())) throw revoked();
  }

  /** Ends a connection whose token was revoked between its check and now. */
  check(connection: Connection): void {
    const isRevoked = this.#revocations.covers(connection.access, this.#hub.runtime.now());
    if (isRevoked) queueMicrotask(() => connection.close(revoked()));
  }

  /** Ends all connections of a subject; its clients may come back. @throws FanwireError `log_unavailable` */
  async disconnect(subject: string): Promise<void> {
    assertSubject(subject);
    await tellNodes(this.#hub, DISCONNECTS_CHANNEL, { subject });
    this.#end(subject);
  }

  /** Refuses tokens of a subject that were issued before, and ends their connections. @throws FanwireError `log_unavailable` */
  async revoke(subject: string, issuedBefore = this.#hub.runtime.now()): Promise<void> {
    assertSubject(subject);
    if (!Number.isFinite(issuedBefore)) {
      throw new FanwireError('invalid_parameter', 'issuedBefore: expected Unix milliseconds');
    }
    const revocation: Revocation = { subject, issuedBefore };
    await tellNodes(this.#hub, REVOCATIONS_CHANNEL, revocation);
    this.#revoke(revocation, this.#hub.runtime.now());
  }

  /** The same for an operator who is elsewhere. */
  readonly requests: NonNullable<HubOptions['requests']> = {
    'fanwire:disconnect': async (data, context) => {
      assertOperator(context);
      await this.disconnect(Object(data).subject);
    },
    'fanwire:revoke': async (data, context) => {
      assertOperator(context);
      const { subject, issuedBefore } = Object(data);
      await this.revoke(subject, issuedBefore);
    },
  };

  async #readAll(): Promise<void> {
    let start: Start = { kind: 'start' };
    for (let more = true; more; ) {
      const page = await this.#hub.log.read([REVOCATIONS_CHANNEL], start, PAGE);
      for (const item of page.items) {
        if (item.kind === 'message')
          this.#revoke(dataOf(item.message.payload) as Revocation, item.message.time);
      }
      start = { kind: 'after', position: page.position };
      more = page.more;
    }
  }

  #end(subject: string): void {
    for (const connection of [...this.#hub.connections]) {
      if (connection.access.subject === subject) connection.close(undefined);
    }
  }

  #revoke(revocation: Revocation, at: number): void {
    this.#revocations.add(revocation, at);
    const now = this.#hub.runtime.now();
    for (const connection of [...this.#hub.connections]) {
      if (this.#revocations.covers(connection.access, now)) connection.close(revoked());
    }
  }
}

export function assertSubject(subject: unknown): asserts subject is string {
  if (typeof subject === 'string' && subject !== '') return;
  throw new FanwireError('invalid_parameter', 'subject: expected a text that is not empty');
}
