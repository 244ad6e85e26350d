import type { Runtime } from '../../protocol/runtime.ts';
import { memberNameOf } from '../kit/digests.ts';
import { stayOf } from '../kit/holding.ts';
import { MAX_ENDING } from '../kit/roster-times.ts';
import { unavailable } from '../kit/unavailable.ts';
import type { Holding, MemberKey, MembersPage, Roster, Stay } from '../roster.ts';
import { Attendance } from './attendance.ts';
import { eachOf } from './each-of.ts';
import { Releases } from './releases.ts';
import type { Note, RosterStream } from './roster-stream.ts';
import { endLingering, holdersOf, holdStay, lingersUntil, type StayState } from './stay-state.ts';

/** Asks within a time limit. `isWaited` is false once the time is over: the caller counts on nothing coming of it. */
export type AskRoster = <Answer>(
  question: (stream: RosterStream, isWaited: () => boolean) => Promise<Answer>,
) => Promise<Answer>;

/**
 * Presence in JetStream, for all nodes alike. A stay names the nodes that hold it, and a node has one lease for
 * all its stays: what has to be renewed is one subject a node, however many are present.
 */
export class NatsRoster implements Roster {
  readonly #ask: AskRoster;
  readonly #attendance: Attendance;
  readonly #releases: Releases;
  /** By member, the name under which this node holds it. */
  readonly #held = new Map<string, string>();
  #reported = { node: '', counts: new Map<string, number>() };
  /** Dead nodes whose stays are being looked for. */
  readonly #burials = new Set<string>();

  /** @param runtime asked each time: the log is given one when it is opened */
  constructor(ask: AskRoster, runtime: () => Runtime) {
    this.#ask = ask;
    this.#attendance = new Attendance(runtime);
    this.#releases = new Releases(this.#attendance, runtime);
  }

  hold(wanted: Stay, leaseMs: number): Promise<Holding> {
    return this.#ask(async (stream, isWaited) => {
      this.#releases.cancel(wanted);
      await this.#attendance.ensure(stream, leaseMs);
      const subject = stream.stay(wanted);
      for (;;) {
        const { node } = this.#attendance;
        const found = await stream.get<StayState>(subject);
        const { state, holding } = holdStay(found?.value, node, wanted, this.#attendance.now());
        if (!isWaited()) throw unavailable('given up');
        this.#releases.asked(wanted);
        if ((await stream.put(subject, state, found?.sequence ?? 0)) === undefined) continue;
        this.#releases.answered(wanted);
        this.#held.set(memberNameOf(wanted), node);
        return holding;
      }
    });
  }

  renew(memberKeys: readonly MemberKey[], leaseMs: number): Promise<readonly MemberKey[]> {
    return this.#ask(async (stream) => {
      await this.#attendance.renew(stream, leaseMs);
      return memberKeys.filter(
        (memberKey) => this.#held.get(memberNameOf(memberKey)) !== this.#attendance.node,
      );
    });
  }

  release(memberKey: MemberKey, lingerMs: number): Promise<void> {
    this.#held.delete(memberNameOf(memberKey));
    // Noted before anything can fail: the node's lease would hold it as long as the node lives.
    const release = this.#releases.add(memberKey, lingerMs);
    return this.#ask((stream) => this.#releases.settle(stream, release));
  }

  goodbye(client: string): Promise<void> {
    return this.#ask(async (stream) => {
      await this.#attendance.arrive(stream);
      const memberKeys = (await stream.notesOf(client)).map(({ memberKey }) => memberKey);
      await eachOf(
        new Map(memberKeys.map((memberKey) => [memberKey.channel, memberKey])).values(),
        (memberKey) => this.#endLingering(stream, memberKey),
      );
    });
  }

  page(channel: string, maxMembers: number, after = ''): Promise<MembersPage> {
    return this.#ask(async (stream) => {
      await this.#attendance.arrive(stream);
      const subjects = new Map(
        (await stream.stays(channel)).map((subject) => [stream.memberKeyOf(subject).client, subject]),
      );
      const clients = [...subjects.keys()].filter((client) => client > after).sort();
      const page = clients.slice(0, maxMembers);
      const found = await eachOf(page, (client) => stream.get<StayState>(subjects.get(client)!));
      const stays = found.flatMap((each) => (each && !each.value.ending ? [each.value] : []));
      const holders = new Set(stays.flatMap(holdersOf));
      const living = await this.#attendance.whoLives(stream, holders);
      return {
        members: stays
          .filter((stay) => holdersOf(stay).some((node) => living.has(node)) || this.#lingers(stay))
          .map(({ member }) => member),
        ...(clients.length > maxMembers && { next: page.at(-1)! }),
      };
    });
  }

  count(channel: string): Promise<number> {
    return this.#ask(async (stream) => (await stream.stays(channel)).length);
  }

  ending(leaseMs: number): Promise<readonly Stay[]> {
    return this.#ask(async (stream) => {
      await this.#attendance.beThere(stream, leaseMs);
      await this.#releases.settleAll(stream);
      const { nodes, notes } = await stream.watch();
      for (const dead of await this.#attendance.findDead(stream, nodes)) void this.#bury(stream, dead);
      // What was let go on purpose is due at 0.
      const through = this.#attendance.isSparing() ? 0 : this.#attendance.now();
      const due = notes.filter(({ ends }) => ends <= through).slice(0, MAX_ENDING);
      return (await eachOf(due, (note) => this.#end(stream, note))).flat();
    });
  }

  forget(stay: Stay): Promise<boolean> {
    return this.#ask(async (stream) => {
      const found = await stream.get<StayState>(stream.stay(stay));
      if (found?.value.id !== stay.id || !found.value.ending) return false;
      return stream.removeStay(stay, found.sequence);
    });
  }

  report(subscribers: ReadonlyMap<string, number>, leaseMs: number): Promise<void> {
    return this.#ask(async (stream, isWaited) => {
      await this.#attendance.ensure(stream, leaseMs);
      const { node } = this.#attendance;
      if (this.#reported.node !== node) this.#reported = { node, counts: new Map() };
      const { counts } = this.#reported;
      await eachOf(subscribers, async ([channel, count]) => {
        // The next report is made anew, with what is true by then.
        if (!isWaited() || counts.get(channel) === count) return;
        if (count > 0) await stream.put(stream.count(channel, node), count);
        else await stream.remove(stream.count(channel, node));
        if (count > 0) counts.set(channel, count);
        else counts.delete(channel);
      });
    });
  }

  subscribersElsewhere(channel: string): Promise<number> {
    return this.#ask(async (stream) => {
      await this.#attendance.arrive(stream);
      const nodes = (await stream.counting(channel)).filter((node) => node !== this.#attendance.node);
      const counts = await eachOf(await this.#attendance.whoLives(stream, nodes), (node) =>
        stream.get<number>(stream.count(channel, node)),
      );
      return counts.reduce((sum, count) => sum + (count?.value ?? 0), 0);
    });
  }

  #lingers(stay: StayState): boolean {
    return lingersUntil(stay) > this.#attendance.now();
  }

  /** Whether a node that is not dead, though its lease may have run out, holds it. */
  async #isHeld(stream: RosterStream, stay: StayState): Promise<boolean> {
    return (await eachOf(holdersOf(stay), (node) => this.#attendance.isDead(stream, node))).includes(false);
  }

  /** Looks at a member whose time has come, and answers its stay if that has ended. */
  async #end(stream: RosterStream, { subject, memberKey, ends }: Note): Promise<Stay[]> {
    const found = await stream.get<StayState>(stream.stay(memberKey));
    const stay = found?.value;
    if (!stay || (!stay.ending && (lingersUntil(stay) > ends || (await this.#isHeld(stream, stay))))) {
      await stream.remove(subject);
      return [];
    }
    if (!stay.ending) {
      const ending = await stream.put(stream.stay(memberKey), { ...stay, ending: true }, found!.sequence);
      if (ending === undefined) return [];
    }
    return [stayOf(memberKey, stay)];
  }

  async #endLingering(stream: RosterStream, memberKey: MemberKey): Promise<void> {
    for (;;) {
      const found = await stream.get<StayState>(stream.stay(memberKey));
      if (!found || found.value.ending || lingersUntil(found.value) === 0) return;
      const sequence = await stream.put(stream.stay(memberKey), endLingering(found.value), found.sequence);
      if (sequence !== undefined) return stream.note(memberKey, 0, sequence);
    }
  }

  /**
   * Finds what a dead node has left behind. It takes its time, a call a stay; should it fail or should this node
   * die, too, whoever looks next does it again.
   */
  async #bury(stream: RosterStream, dead: string): Promise<void> {
    if (this.#burials.has(dead)) return;
    this.#burials.add(dead);
    try {
      await eachOf(await stream.stays(), async (subject) => {
        const found = await stream.get<StayState>(subject);
        if (!found?.value.leases[dead] || (await this.#isHeld(stream, found.value))) return;
        await stream.note(stream.memberKeyOf(subject), lingersUntil(found.value), found.sequence);
      });
      await stream.remove(stream.count('*', dead));
      await stream.remove(stream.node(dead));
    } catch {
    } finally {
      this.#burials.delete(dead);
    }
  }
}
