import type { Runtime } from '../../protocol/runtime.ts';
import { newName } from '../kit/names.ts';
import { FRESH_MS, OUTAGE_MS } from '../kit/roster-times.ts';
import { eachOf } from './each-of.ts';
import type { Kept, RosterStream } from './roster-stream.ts';

interface AliveSign {
  readonly kind: 'alive';
  readonly leaseMs: number;
  readonly sparesUntil: number;
}

/** What a node last said of itself. That it is dead is what another one says in its place, and final. */
type Sign = AliveSign | { readonly kind: 'dead' };

interface Life {
  readonly sequence: number;
  /** When its sign was given, by the server's clock, and until when it holds. */
  readonly since: number;
  readonly ends: number;
  /** There was an outage: until then nobody is to be taken for dead. */
  readonly sparesUntil: number;
}

/** Of a node that has not given a sign, or is dead. */
const NO_LIFE: Life = { sequence: 0, since: 0, ends: 0, sparesUntil: 0 };

/** For a node that has asked for no lease yet. */
const LEASE_MS = 5_000;

/**
 * One lease for all that a node holds: its sign of life, given again and again. A node whose lease has run out
 * is dead once another has said so in its place, and not before: either that or its own next sign is
 * first, and the server refuses the other one. All times are the server's, so that no clock of a node matters.
 */
export class Attendance {
  /** Empty until the first sign is given. */
  #node = '';
  readonly #runtime: () => Runtime;
  #own = NO_LIFE;
  #signing: Promise<void> | undefined;
  /** The server's clock less this process' uptime, rather too small than too large. */
  #aheadMs = 0;
  /** A sign holds until its end whatever follows, and death for ever: neither is asked for again. */
  readonly #others = new Map<string, Life>();

  constructor(runtime: () => Runtime) {
    this.#runtime = runtime;
  }

  /** The name of this node, and another one once it finds that it is dead to the others. */
  get node(): string {
    return this.#node;
  }

  /** Unix milliseconds by the server's clock. */
  now(): number {
    return this.#runtime().uptime() + this.#aheadMs;
  }

  /** Makes sure that the time is known. */
  async arrive(stream: RosterStream): Promise<void> {
    if (this.#own === NO_LIFE) await this.renew(stream, LEASE_MS);
  }

  /** Makes sure that most of a lease is left. */
  async ensure(stream: RosterStream, leaseMs: number): Promise<void> {
    if (this.#own.ends - this.now() < leaseMs * (2 / 3)) await this.renew(stream, leaseMs);
  }

  renew(stream: RosterStream, leaseMs: number): Promise<void> {
    this.#signing ??= this.#sign(stream, leaseMs).finally(() => {
      this.#signing = undefined;
    });
    return this.#signing;
  }

  /** Makes sure that a sign was given lately: who looks after the others is there itself. */
  async beThere(stream: RosterStream, leaseMs: number): Promise<void> {
    if (this.now() - this.#own.since > FRESH_MS) await this.renew(stream, leaseMs);
  }

  /** Those whose lease has not run out. */
  async whoLives(stream: RosterStream, nodes: Iterable<string>): Promise<Set<string>> {
    const lives = await eachOf(nodes, async (node) => ({ node, ...(await this.#look(stream, node)) }));
    return new Set(lives.filter(({ ends }) => ends > this.now()).map(({ node }) => node));
  }

  async isDead(stream: RosterStream, node: string): Promise<boolean> {
    return (await this.#look(stream, node)) === NO_LIFE;
  }

  /** Says of other nodes whose lease has run out that they are dead. Answers all that are. */
  async findDead(stream: RosterStream, nodes: readonly string[]): Promise<string[]> {
    const found = await eachOf(nodes, async (node) => {
      const life = await this.#look(stream, node);
      if (life === NO_LIFE) return [node];
      if (node === this.#node || life.ends > this.now() || this.isSparing()) return [];
      const dead: Sign = { kind: 'dead' };
      return (await stream.put(stream.node(node), dead, life.sequence)) === undefined ? [] : [node];
    });
    return found.flat();
  }

  /** Whether there was an outage, after which the others are given the time to come back. */
  isSparing(): boolean {
    return this.#own.sparesUntil > this.now();
  }

  async #sign(stream: RosterStream, leaseMs: number): Promise<void> {
    if (this.#node === '') this.#node = newName(this.#runtime());
    for (;;) {
      const before = this.#own === NO_LIFE ? await this.#survey(stream) : this.#own;
      const sign: Sign = { kind: 'alive', leaseMs, sparesUntil: before.sparesUntil };
      const subject = stream.node(this.#node);
      const sequence = await stream.put(subject, sign, this.#own.sequence);
      const uptime = this.#runtime().uptime();
      const kept = await stream.get<Sign>(subject);
      if (kept?.value.kind !== 'alive') {
        this.#node = newName(this.#runtime());
        this.#own = NO_LIFE;
        continue;
      }
      const life = lifeOf(kept, kept.value);
      const isOutage = before.since > 0 && life.since - before.since > OUTAGE_MS;
      this.#own = isOutage ? { ...life, sparesUntil: life.since + leaseMs } : life;
      // Undefined: the sign there is an earlier one of this node, whose answer was lost.
      if (sequence === undefined) continue;
      this.#aheadMs = life.since - uptime;
      // A caller that comes now is to know of the outage.
      if (!isOutage) return;
    }
  }

  /** What the others' signs tell a node that has not given one yet. */
  async #survey(stream: RosterStream): Promise<Life> {
    const { nodes } = await stream.watch();
    const lives = await eachOf(nodes, (node) => this.#look(stream, node));
    const newest = (part: 'since' | 'sparesUntil') => Math.max(0, ...lives.map((life) => life[part]));
    return { ...NO_LIFE, since: newest('since'), sparesUntil: newest('sparesUntil') };
  }

  async #look(stream: RosterStream, node: string): Promise<Life> {
    if (node === this.#node) return this.#own;
    const known = this.#others.get(node);
    if (known && (known === NO_LIFE || known.ends > this.now())) return known;
    const kept = await stream.get<Sign>(stream.node(node));
    const life = kept?.value.kind === 'alive' ? lifeOf(kept, kept.value) : NO_LIFE;
    this.#others.set(node, life);
    return life;
  }
}

function lifeOf({ sequence, time: since }: Kept<Sign>, { leaseMs, sparesUntil }: AliveSign): Life {
  return { sequence, since, ends: since + leaseMs, sparesUntil };
}
