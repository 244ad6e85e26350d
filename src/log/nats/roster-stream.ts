import { pause } from '../../protocol/runtime.ts';
import { unavailable } from '../kit/unavailable.ts';
import type { MemberKey } from '../roster.ts';
import type { JetStreamConnection } from './connection.ts';
import { codeOf, isMissing, isOvertaken, NAME_TAKEN, NOT_FOUND } from './stream.ts';
import { channelOf, tokenOf } from './subjects.ts';

/** Of a stream whose subjects are another's. */
const SUBJECTS_TAKEN = 10065;
/** How often, and how long each time, a node waits for the stream that another one creates. */
const MAX_WAITS = 20;
const WAIT_MS = 50;

/** A member to look at: nobody may have a lease on its stay any more from `ends` on, by the server's clock. */
export interface Note {
  readonly subject: string;
  readonly memberKey: MemberKey;
  readonly ends: number;
}

export interface Kept<Value> {
  readonly sequence: number;
  /** When the server stored it, in Unix milliseconds by its clock. */
  readonly time: number;
  readonly value: Value;
}

/**
 * The stream behind a roster: the newest value of each subject. It is one of its own, which is created when
 * presence is first asked for: whatever hinders it hinders no message.
 *
 *   ROSTER.stay.CHANNEL.CLIENT                          a stay
 *   ROSTER.count.CHANNEL.NODE                           a node's subscribers
 *   ROSTER.watch.node.NODE                              a node's lease
 *   ROSTER.watch.note.CLIENT.CHANNEL.ENDS.SEQUENCE      a note; all it says is in its name, which one call lists
 */
export class RosterStream {
  readonly #connection: JetStreamConnection;
  readonly #name: string;
  readonly #replicas: number;
  #prepared: Promise<void> | undefined;

  constructor(
    connection: JetStreamConnection,
    { name, replicas }: { readonly name: string; readonly replicas: number },
  ) {
    this.#connection = connection;
    this.#name = `${name}-roster`;
    this.#replicas = replicas;
  }

  stay({ channel, client }: MemberKey): string {
    return `${this.#name}.stay.${tokenOf(channel)}.${tokenOf(client)}`;
  }

  node(node: string): string {
    return `${this.#name}.watch.node.${node}`;
  }

  count(channel: string, node: string): string {
    return `${this.#name}.count.${tokenOf(channel)}.${node}`;
  }

  stays(channel?: string): Promise<string[]> {
    return this.#list(`${this.#name}.stay.${channel === undefined ? '>' : `${tokenOf(channel)}.*`}`);
  }

  memberKeyOf(stay: string): MemberKey {
    const [channel = '', client = ''] = stay.split('.').slice(-2);
    return { channel: channelOf(channel), client: channelOf(client) };
  }

  /** Nodes that have told how many subscribers they have. */
  async counting(channel: string): Promise<string[]> {
    return (await this.#list(this.count(channel, '*'))).map((subject) => subject.split('.').at(-1)!);
  }

  async notesOf(client: string): Promise<Note[]> {
    return (await this.#list(this.#notes({ client, channel: '*' }))).map(noteOf);
  }

  /** The nodes that have not been buried, and all notes, of those that end first first. */
  async watch(): Promise<{ readonly nodes: string[]; readonly notes: Note[] }> {
    const node = this.node('');
    const subjects = await this.#list(`${this.#name}.watch.>`);
    return {
      nodes: subjects.filter((one) => one.startsWith(node)).map((one) => one.slice(node.length)),
      notes: subjects
        .filter((one) => !one.startsWith(node))
        .map(noteOf)
        .sort((a, b) => a.ends - b.ends),
    };
  }

  /** @param sequence of the stay that has made it necessary: each note has a name of its own */
  async note(memberKey: MemberKey, ends: number, sequence: number): Promise<void> {
    await this.put(this.#notes(memberKey).replace('>', `${ends}.${sequence}`), '');
  }

  /**
   * Removes a stay, and the notes that led to its end.
   * @param sequence of the stay: what is newer remains
   * @returns whether it was there
   */
  async removeStay(memberKey: MemberKey, sequence: number): Promise<boolean> {
    const removed = await this.remove(this.stay(memberKey), sequence);
    await this.remove(this.#notes(memberKey), sequence);
    return removed > 0;
  }

  /** Asked of the leader: what any node has written before is found. */
  get<Value>(subject: string): Promise<Kept<Value> | undefined> {
    return this.#try(async ({ manager }) => {
      const found = await manager.streams.getMessage(this.#name, { last_by_subj: subject });
      return found ? { sequence: found.seq, time: found.time.getTime(), value: found.json() } : undefined;
    });
  }

  /**
   * @param after sequence of the value that this one replaces, 0 for none; undefined for whichever
   * @returns its own sequence, or undefined if another value is there
   */
  put(subject: string, value: unknown, after?: number): Promise<number | undefined> {
    return this.#try(async ({ jetStream }) => {
      const expect = after === undefined ? {} : { expect: { lastSubjectSequence: after } };
      try {
        return (await jetStream.publish(subject, JSON.stringify(value), expect)).seq;
      } catch (error) {
        if (isOvertaken(error)) return undefined;
        throw error;
      }
    });
  }

  /**
   * @param through sequence of a value: a newer one stays
   * @returns how many values were there
   */
  remove(subject: string, through?: number): Promise<number> {
    const until = through === undefined ? {} : { seq: through + 1 };
    return this.#try(async ({ manager }) => {
      return (await manager.streams.purge(this.#name, { filter: subject, ...until })).purged;
    });
  }

  #notes({ channel, client }: MemberKey): string {
    return `${this.#name}.watch.note.${tokenOf(client)}.${tokenOf(channel)}.>`;
  }

  #list(filter: string): Promise<string[]> {
    return this.#try(async ({ manager }) => {
      const { state } = await manager.streams.info(this.#name, { subjects_filter: filter });
      return Object.keys(state.subjects ?? {});
    });
  }

  async #try<Answer>(action: (connection: JetStreamConnection) => Promise<Answer>): Promise<Answer> {
    this.#prepared ??= this.#prepare();
    try {
      await this.#prepared;
      return await action(this.#connection);
    } catch (error) {
      this.#prepared = undefined;
      // The messages' own stream is not what is missing.
      if (isMissing(error)) throw unavailable(`NATS: the stream ${this.#name} is missing`);
      throw error;
    }
  }

  async #prepare(): Promise<void> {
    const { manager, runtime } = this.#connection;
    const config = {
      name: this.#name,
      description: 'fanwire: who is on which channel',
      subjects: [`${this.#name}.>`],
      max_msgs_per_subject: 1,
      num_replicas: this.#replicas,
    };
    for (let waits = 0; ; waits++) {
      try {
        await manager.streams.info(this.#name);
        return;
      } catch (error) {
        if (codeOf(error) !== NOT_FOUND) throw error;
      }
      try {
        await manager.streams.add(config);
        return;
      } catch (error) {
        // Another node creates it just now, and the server knows only its name or its subjects yet.
        if (waits === MAX_WAITS || ![NAME_TAKEN, SUBJECTS_TAKEN].includes(codeOf(error) ?? 0)) throw error;
      }
      await pause(runtime, WAIT_MS);
    }
  }
}

function noteOf(subject: string): Note {
  const [client = '', channel = '', ends] = subject.split('.').slice(-4);
  const memberKey = { channel: channelOf(channel), client: channelOf(client) };
  return { subject, memberKey, ends: Number(ends) };
}
