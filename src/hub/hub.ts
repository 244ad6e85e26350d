import type { Appended, Outcome } from '../log/addition.ts';
import { newWord } from '../log/kit/names.ts';
import type { Log, Page } from '../log/log.ts';
import type { Roster } from '../log/roster.ts';
import { loadNativeWriter } from '../native/native-writer.ts';
import type { FanwireError } from '../protocol/errors.ts';
import type { WebTransportOffer } from '../protocol/frames.ts';
import type { Limits } from '../protocol/limits.ts';
import type { Position } from '../protocol/position.ts';
import { type Runtime, SYSTEM_RUNTIME } from '../protocol/runtime.ts';
import type { Start } from '../protocol/start.ts';
import type { Access, Credentials } from './authorisation/access.ts';
import { Authorisation } from './authorisation/authorisation.ts';
import { checkPublish } from './authorisation/check-rights.ts';
import { CLIENTS_CHANNEL, isOwnChannel } from './authorisation/own-channels.ts';
import { Rechecks } from './authorisation/rechecks.ts';
import { type Rights, rightsFor } from './authorisation/rights.ts';
import { compileRules, type ResolvedRule } from './authorisation/rules.ts';
import { Subjects } from './authorisation/subjects.ts';
import { limitsOf } from './budget/limits.ts';
import { ReceivedBytes } from './budget/received-bytes.ts';
import { type CompressionOptions, compressionOf } from './compression.ts';
import { Connection, type ConnectionHost, type Outlet, type Peer } from './connections/connection.ts';
import { Occupancy } from './connections/occupancy.ts';
import { SecondWheel } from './connections/second-wheel.ts';
import { FanOut } from './delivery/fan-out.ts';
import { Meter } from './meter.ts';
import type { HubOptions, RequestContext } from './options.ts';
import { Clients } from './presence/clients.ts';
import type { PresenceNotice } from './presence/hold.ts';
import { LocalRoster } from './presence/local-roster.ts';
import { Presence } from './presence/presence.ts';
import { assertMayBePresent } from './presence/presence-rule.ts';
import { toldAs } from './presence/told-as.ts';
import type { Publication, Sender } from './publishing/publication.ts';
import { Publishing } from './publishing/publishing.ts';
import { refusalOf } from './refusal.ts';
import { seldomForEach } from './seldom.ts';
import { answerRequest } from './session/answer-request.ts';

/** Payload bytes in one polling answer: a client that does not read its answer holds no more of the hub's memory. */
const PAGE_BYTES = 256 * 1024;

/** Channels, subscribers and rules over one log: the whole, apart from how bytes come and go. */
export class Hub implements ConnectionHost {
  /** Names this process among the nodes of a log. */
  readonly node: string;
  readonly runtime: Runtime;
  readonly limits: Limits;
  readonly heartbeatMs: number;
  readonly stallMs: number;
  readonly compression: Required<CompressionOptions> | undefined;
  readonly received: ReceivedBytes;
  /** Where clients are told to find WebTransport, once it is served. */
  webtransport: WebTransportOffer | undefined;
  readonly meter: Meter;
  readonly wheel: SecondWheel;
  readonly presence: Presence;
  /** Undefined where the program wants to hear of none. */
  readonly clients: Clients | undefined;
  readonly publishing: Publishing;
  readonly fanOut: FanOut;
  readonly connections = new Set<Connection>();
  readonly subjects = new Subjects(this);
  readonly rechecks = new Rechecks(this);
  /** What the functions of rules have said; undefined where no rule has one. */
  readonly rights: Rights | undefined;
  /** Subscribers within the program. */
  readonly locals = new Set<{ close(): void }>();
  readonly #log: Log;
  readonly #roster: Roster;
  readonly #options: HubOptions;
  readonly #rule: (channel: string) => ResolvedRule;
  readonly #authorisation: Authorisation;
  readonly #opened: Promise<void>;
  readonly #reportCause: (kind: string, error: unknown) => void;
  #nextConnection = 1;
  #closed = false;

  constructor(log: Log, options: HubOptions, runtime: Runtime = SYSTEM_RUNTIME) {
    this.runtime = runtime;
    this.node = newWord(runtime, 8);
    this.meter = new Meter(runtime);
    this.wheel = new SecondWheel((error) => this.report(error), runtime);
    this.#reportCause = seldomForEach((error) => this.report(error), runtime);
    this.#log = log;
    this.#options = options;
    this.limits = limitsOf(options.limits);
    this.received = new ReceivedBytes({
      perAddress: this.limits.receivedBytesPerAddress,
      total: this.limits.receivedBytes,
    });
    this.heartbeatMs = options.heartbeatMs ?? 25_000;
    this.stallMs = options.stallMs ?? 300_000;
    this.compression = compressionOf(options.compression);
    this.#rule = compileRules(options.channels);
    this.rights = rightsFor(options, this.limits, runtime);
    const house = { ruleOf: this.#rule, rights: this.rights };
    this.#authorisation = new Authorisation(options, house, this.subjects);
    this.publishing = new Publishing({
      log,
      runtime,
      meter: this.meter,
      beforePublish: options.beforePublish,
      rule: this.#rule,
      reportCause: this.#reportCause,
    });
    this.#roster = log.roster ?? new LocalRoster(runtime);
    this.presence = new Presence({
      roster: this.#roster,
      wheel: this.wheel,
      lingerMs: options.presenceLingerMs ?? 10_000,
      announce: (notice) => this.#announce(notice),
      report: (error) => this.report(error),
    });
    if (options.onConnect || options.onDisconnect) {
      this.clients = new Clients(options, this.presence, (error) => this.report(error));
    }
    const events = {
      occupied: (channel: string) => this.#later(channel, options.onOccupied),
      vacated: (channel: string) => this.#later(channel, options.onVacated),
      error: (error: unknown) => this.report(error),
    };
    const sharesWindow = (channel: string) => this.sharesWindow(channel);
    const writer = options.nativeWriter === false ? undefined : loadNativeWriter();
    this.fanOut = new FanOut(log, this.meter, this.wheel, events, sharesWindow, writer);
    if (log.roster) {
      new Occupancy({
        roster: log.roster,
        wheel: this.wheel,
        leaseMs: this.presence.leaseMs,
        subscribers: () => this.fanOut.subscribers(),
      });
    }
    this.#opened = log.open(this.fanOut, (channel) => this.#rule(channel).retain, runtime);
    this.#opened.catch((error: unknown) => this.report(error));
    this.wheel.start();
    // Where nobody is asked for a token, nobody has a subject.
    if (!this.open) this.subjects.follow();
    if (this.rights) this.rechecks.follow();
  }

  get log(): Log {
    return this.#log;
  }

  rule(channel: string): ResolvedRule {
    return this.#rule(channel);
  }

  /** Whether a channel's messages may be written as what they have in common. */
  sharesWindow(channel: string): boolean {
    return this.compression?.sharedWindow === true && this.#rule(channel).sharedWindow;
  }

  /** Whether nobody is asked for a token. */
  get open(): boolean {
    return this.#authorisation.open;
  }

  /** What a client may do that has shown no token: everything, where nobody is asked for one. */
  get anonymous(): Access {
    return this.#authorisation.anonymous;
  }

  /** The most bytes that a caller may send in one body or frame: little, until it has shown a token where one is asked for. */
  maxBytes(access: Access, usual: number): number {
    return this.open || access.authenticated ? usual : Math.min(usual, this.limits.strangerBytes);
  }

  /** @throws FanwireError `unauthenticated` */
  authorise(credentials: Credentials): Access | Promise<Access> {
    return this.#authorisation.accessOf(credentials);
  }

  /** Publishes what a client asks for, of a size and at a pace that it may. @throws FanwireError */
  async publishAs(access: Access, sender: Sender, publication: Publication): Promise<Appended> {
    const asked = checkPublish(access, publication.channel);
    if (asked) await asked;
    return await this.publishing.asClient(access, sender, publication);
  }

  /**
   * Publishes at once what a client asks for on one channel, as `publishAs` does.
   * @returns what became of each, up to the first that is refused before it is appended
   * @throws FanwireError
   */
  async publishAllAs(
    access: Access,
    sender: Sender,
    publications: readonly Publication[],
  ): Promise<readonly Outcome[]> {
    for (const { channel } of publications.slice(0, 1)) await checkPublish(access, channel);
    return await this.publishing.allAsClient(access, sender, publications);
  }

  /** Publishes what the hub has to say. @throws FanwireError `log_unavailable` */
  publish(publication: Publication): Promise<Appended> {
    return this.publishing.publish(publication);
  }

  /** One page of history. @throws FanwireError `log_unavailable` */
  async read(channels: readonly string[], start: Start, messages: number): Promise<Page> {
    const page = await this.#log.read(channels, start, { messages, bytes: PAGE_BYTES });
    this.meter.page(page);
    return page;
  }

  /**
   * The position that a start comes to, so that a client can be told where it begins: cut off before its
   * first message, it resumes from there and misses nothing. @throws FanwireError `log_unavailable`
   */
  async beginning(channels: readonly string[], start: Start): Promise<Position> {
    if (start.kind === 'after') return start.position;
    const { items, position } = await this.#log.read(channels, start, { messages: 1, bytes: 0 });
    const [first] = items;
    if (first?.kind !== 'message') return position;
    return { epoch: first.message.epoch, sequence: first.message.sequence - 1 };
  }

  /** Subscribers of a channel on all nodes; on others as they stood a second ago. @throws FanwireError `log_unavailable` */
  async occupancy(channel: string): Promise<number> {
    return this.fanOut.count(channel) + (await this.#roster.subscribersElsewhere(channel));
  }

  connect(peer: Peer, outlet: Outlet): Connection {
    const connection = new Connection(this, this.#nextConnection++, peer, outlet);
    this.connections.add(connection);
    this.subjects.check(connection);
    // Admitted while the hub went away: it was not among those that were sent away.
    if (this.#closed) queueMicrotask(() => connection.close(undefined));
    return connection;
  }

  forget(connection: Connection): void {
    this.connections.delete(connection);
  }

  /** Joins a client to a channel's presence. @throws FanwireError `forbidden`, `message_too_large` */
  join(channel: string, client: string, access: Access, data: unknown): void {
    assertMayBePresent(this.#rule(channel), this.limits, channel, data);
    this.presence.join(channel, client, access.subject, data);
  }

  /** Answers the SDK's `request`. @throws FanwireError `unknown_method`, `request_failed`, or the handler's own */
  request(method: string, data: unknown, context: RequestContext): Promise<unknown> {
    const { requests = {} } = this.#options;
    // A program's own handler overrides the hub's.
    const handlers = { ...this.subjects.requests, ...this.rechecks.requests, ...requests };
    return answerRequest(handlers, { method, data }, context, (error) => this.report(error));
  }

  /** What a client is told of an error, counted; a fault of our own is reported and told as such. */
  refuse(error: unknown): FanwireError {
    const refusal = refusalOf(error);
    // What lies behind is for the operator: the client is told no more than it can act on.
    if (refusal.code === 'internal') this.report(error);
    else if (refusal.cause !== undefined) this.#reportCause(refusal.code, refusal.cause);
    this.meter.refused(refusal.code);
    return refusal;
  }

  report(error: unknown): void {
    (this.#options.onError ?? console.error)(error);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.wheel.stop();
    for (const connection of [...this.connections]) connection.close(undefined);
    for (const local of this.locals) local.close();
    await this.#opened.catch(() => {});
    await this.publishing.flush();
    await this.presence.settled();
    await this.#log.close();
  }

  async #announce(notice: PresenceNotice): Promise<void> {
    if (notice.channel === CLIENTS_CHANNEL) this.clients?.tell(notice);
    else await this.publish(toldAs(notice));
  }

  /** Calls a hook for a channel, but not from within the fan-out: it may publish. */
  #later(channel: string, hook: ((channel: string) => void) | undefined): void {
    if (isOwnChannel(channel)) return;
    // One that is async may fail later.
    Promise.resolve(channel)
      .then(hook)
      .catch((error: unknown) => this.report(error));
  }
}
