import type { Addition, Appended, Outcome } from '../../log/addition.ts';
import { appendOne } from '../../log/append-one.ts';
import type { Log } from '../../log/log.ts';
import type { NewMessage } from '../../log/message.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { Runtime } from '../../protocol/runtime.ts';
import type { Access } from '../authorisation/access.ts';
import type { ResolvedRule } from '../authorisation/rules.ts';
import type { Meter } from '../meter.ts';
import type { BeforePublish } from '../options.ts';
import { TimeSlice } from '../time-slice.ts';
import { askBeforePublish } from './before-publish.ts';
import { Conflation } from './conflation.ts';
import { checkedPublication, recheckedPublication } from './message-check.ts';
import type { Publication, Sender } from './publication.ts';

/** What publishing needs of the hub. */
export interface PublishingHost {
  readonly log: Log;
  readonly runtime: Runtime;
  readonly meter: Meter;
  readonly beforePublish: BeforePublish | undefined;
  rule(channel: string): ResolvedRule;
  /** Is told of what a hook throws that is not for the client. */
  reportCause(kind: string, error: unknown): void;
}

const UNASKED: Sender = { address: '', headers: {} };

/** A message's way into the log: checked, put to the program, conflated and appended. */
export class Publishing {
  readonly #host: PublishingHost;
  readonly #conflation: Conflation;

  constructor(host: PublishingHost) {
    this.#host = host;
    this.#conflation = new Conflation((addition) => appendOne(host.log, addition), host.runtime);
  }

  /** What is to be kept of whom a connection's publishes come from: nothing, where nobody asks. */
  senderOf(caller: Sender): Sender {
    return this.#host.beforePublish ? caller : UNASKED;
  }

  /** Publishes what a client asks for. @throws FanwireError */
  async asClient(access: Access, sender: Sender, publication: Publication): Promise<Appended> {
    // Awaited, as a promise that an async function returns takes two turns of the microtask queue more.
    if (this.#passes(publication)) return await this.publish(publication);
    return this.publish(await this.#asked(access, sender, publication));
  }

  /**
   * Publishes what a client asks for on one channel at once. What comes behind one that is refused before it is appended is not appended.
   * @returns what became of each, up to such a one
   * @throws FanwireError `log_unavailable`: some may have been appended
   */
  async allAsClient(
    access: Access,
    sender: Sender,
    publications: readonly Publication[],
  ): Promise<readonly Outcome[]> {
    const ready: Publication[] = [];
    const slice = new TimeSlice(this.#host.runtime);
    try {
      for (const publication of publications) {
        if (slice.isOver) await slice.next();
        ready.push(this.#passes(publication) ? publication : await this.#asked(access, sender, publication));
      }
    } catch (error) {
      if (!(error instanceof FanwireError)) throw error;
      return [...(await this.#publishAll(ready)), error];
    }
    return this.#publishAll(ready);
  }

  /** Publishes what the program asks for. @throws FanwireError `invalid_data`, `log_unavailable` */
  asProgram(publication: Publication): Promise<Appended> {
    const rule = this.#host.rule(publication.channel);
    if (!rule.message) return this.#publish(publication, rule);
    return checkedPublication(rule.message, publication).then((checked) => this.#publish(checked, rule));
  }

  /** Publishes what has been checked, or is the hub's own. @throws FanwireError `log_unavailable` */
  publish(publication: Publication): Promise<Appended> {
    return this.#publish(publication, this.#host.rule(publication.channel));
  }

  #publish(publication: Publication, { conflateMs }: ResolvedRule): Promise<Appended> {
    const { conflationKey, idempotencyKey } = publication;
    const addition = this.#additionOf(publication);
    return conflateMs > 0
      ? this.#conflation.publish(addition.message, conflationKey ?? '', conflateMs, idempotencyKey)
      : appendOne(this.#host.log, addition);
  }

  /** Appends what is held without waiting for the end of its interval. */
  flush(): Promise<void> {
    return this.#conflation.flush();
  }

  /** Whether nobody has to look at it first. */
  #passes({ channel }: Publication): boolean {
    return !this.#host.beforePublish && !this.#host.rule(channel).message;
  }

  async #asked(access: Access, sender: Sender, publication: Publication): Promise<Publication> {
    const { beforePublish, reportCause } = this.#host;
    const schema = this.#host.rule(publication.channel).message;
    const checked = schema ? await checkedPublication(schema, publication) : publication;
    if (!beforePublish) return checked;
    const given = await askBeforePublish(beforePublish, access, sender, checked, reportCause);
    return schema && given !== checked ? recheckedPublication(schema, given) : given;
  }

  async #publishAll(publications: readonly Publication[]): Promise<readonly Outcome[]> {
    const [first] = publications;
    if (!first) return [];
    if (this.#host.rule(first.channel).conflateMs > 0) {
      return Promise.all(publications.map((one) => this.publish(one).catch((error: FanwireError) => error)));
    }
    return this.#host.log.append(publications.map((one) => this.#additionOf(one)));
  }

  #additionOf({ channel, payload, type, from, idempotencyKey }: Publication): Addition {
    this.#host.meter.messages += 1;
    const message: NewMessage = { channel, payload, type, from, time: this.#host.runtime.now() };
    return { message, idempotencyKey };
  }
}
