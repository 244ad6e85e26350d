import type { Msg, MsgHdrs, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Runtime } from '../../protocol/runtime.ts';
import type { JetStreamConnection } from './connection.ts';
import { nobodyAnswers } from './stream.ts';

/** JetStream's answer to a message. */
export interface Acknowledgement {
  readonly seq: number;
  readonly duplicate?: boolean;
}

type Answer =
  | Acknowledgement
  | { readonly error: { readonly err_code: number; readonly description: string } };

interface Waiting {
  readonly subject: string;
  /** In milliseconds of uptime. */
  readonly until: number;
  answer(acknowledgement: Acknowledgement): void;
  fail(error: Error): void;
}

/**
 * Publishes to a stream. The driver's own `publish`, with its traces off, still makes an error, a timer and a handful of promises
 * for each message, which add more than half to the CPU of all the rest.
 */
export class Publisher {
  readonly #client: NatsConnection;
  readonly #runtime: Runtime;
  readonly #timeoutMs: number;
  /** Answers come to subjects that begin with it, and end with the message's number. */
  readonly #inbox: string;
  /** By number, the oldest first. */
  readonly #waiting = new Map<string, Waiting>();
  #unsent: { readonly number: string; readonly body: Uint8Array; readonly headers: MsgHdrs }[] = [];
  #answers: Subscription | undefined;
  #count = 0;

  constructor({ client, inbox, runtime }: JetStreamConnection, timeoutMs: number) {
    this.#client = client;
    this.#inbox = `${inbox}.`;
    this.#runtime = runtime;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws Error with JetStream's `code`, or of the connection; what gets no answer is given up by `expire` */
  publish(subject: string, body: Uint8Array, headers: MsgHdrs): Promise<Acknowledgement> {
    const number = String(this.#count++);
    const until = this.#runtime.uptime() + this.#timeoutMs;
    return new Promise((answer, fail) => {
      this.#waiting.set(number, { subject, until, answer, fail });
      // After the sockets of this turn have been read, each of which may bring one: the driver would write to its own for each.
      if (this.#unsent.push({ number, body, headers }) === 1) setImmediate(() => this.#send());
    });
  }

  #send(): void {
    for (const { number, body, headers } of this.#unsent.splice(0)) {
      const waiting = this.#waiting.get(number);
      if (!waiting) continue;
      try {
        this.#answers ??= this.#listen();
        this.#client.publish(waiting.subject, body, { reply: this.#inbox + number, headers });
      } catch (error) {
        this.#waiting.delete(number);
        waiting.fail(error as Error);
      }
    }
  }

  /** The server refuses messages of a subject: it says so on the connection, and of each one. */
  refused(subject: string, error: Error): void {
    for (const [number, waiting] of this.#waiting) {
      if (waiting.subject !== subject) continue;
      this.#waiting.delete(number);
      waiting.fail(error);
      return;
    }
  }

  /** Lets go of what has had no answer for too long. Called every few seconds. */
  expire(): void {
    for (const [number, { until, fail }] of this.#waiting) {
      if (until > this.#runtime.uptime()) return;
      this.#waiting.delete(number);
      fail(new Error(`no answer within ${this.#timeoutMs} ms`));
    }
  }

  close(): void {
    // The connection may be the program's own, and stay.
    this.#answers?.unsubscribe();
    this.#failAll(new Error('the log is closed'));
  }

  #listen(): Subscription {
    return this.#client.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => {
        if (!error) return this.#take(message);
        // The subscription is over. The next message begins another.
        this.#answers = undefined;
        this.#failAll(error);
      },
    });
  }

  #take(message: Msg): void {
    const number = message.subject.slice(this.#inbox.length);
    const waiting = this.#waiting.get(number);
    if (!waiting) return;
    this.#waiting.delete(number);
    // Empty is the server's own answer, where nobody listens to a subject.
    const answer = message.data.length > 0 ? message.json<Answer>() : undefined;
    if (!answer) waiting.fail(nobodyAnswers());
    else if (!('error' in answer)) waiting.answer(answer);
    else waiting.fail(Object.assign(new Error(answer.error.description), { code: answer.error.err_code }));
  }

  #failAll(error: Error): void {
    for (const { fail } of this.#waiting.values()) fail(error);
    this.#waiting.clear();
  }
}
