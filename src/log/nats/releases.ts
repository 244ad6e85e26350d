import type { Runtime } from '../../protocol/runtime.ts';
import { memberNameOf } from '../kit/digests.ts';
import type { MemberKey } from '../roster.ts';
import type { Attendance } from './attendance.ts';
import { eachOf } from './each-of.ts';
import type { RosterStream } from './roster-stream.ts';
import { lingersUntil, releaseStay, type StayState } from './stay-state.ts';

interface Release {
  readonly memberKey: MemberKey;
  readonly lingerMs: number;
  /** When, by this process' uptime: the server's clock may not be known yet. */
  readonly since: number;
  /** It may have been written, though no answer said so. */
  tried: boolean;
}

/** An unanswered wish may still reach the server after so long. */
const LATE_MS = 10_000;

/**
 * What this node lets go. A lease that could not be let go would last as long as the node, so each is tried
 * until it is done. A `hold` without an answer may come to the server after its release has found nothing: such
 * members are looked at again for a while.
 */
export class Releases {
  readonly #attendance: Attendance;
  readonly #runtime: () => Runtime;
  readonly #releases = new Map<string, Release>();
  readonly #unanswered = new Set<string>();

  constructor(attendance: Attendance, runtime: () => Runtime) {
    this.#runtime = runtime;
    this.#attendance = attendance;
  }

  asked(memberKey: MemberKey): void {
    this.#unanswered.add(memberNameOf(memberKey));
  }

  answered(memberKey: MemberKey): void {
    this.#unanswered.delete(memberNameOf(memberKey));
  }

  add(memberKey: MemberKey, lingerMs: number): Release {
    const release = { memberKey, lingerMs, since: this.#runtime().uptime(), tried: false };
    this.#releases.set(memberNameOf(memberKey), release);
    return release;
  }

  /** It is to be held again. */
  cancel(memberKey: MemberKey): void {
    this.#releases.delete(memberNameOf(memberKey));
  }

  async settleAll(stream: RosterStream): Promise<void> {
    await eachOf([...this.#releases.values()], (release) => this.settle(stream, release));
  }

  async settle(stream: RosterStream, release: Release): Promise<void> {
    const { memberKey, lingerMs, since } = release;
    const name = memberNameOf(memberKey);
    await this.#attendance.arrive(stream);
    const { node } = this.#attendance;
    const agoMs = this.#runtime().uptime() - since;
    const ends = lingerMs === 0 ? 0 : Math.ceil(this.#attendance.now() - agoMs + lingerMs);
    while (this.#releases.get(name) === release) {
      const found = await stream.get<StayState>(stream.stay(memberKey));
      let stay = found && !found.value.ending ? found.value : undefined;
      let sequence = found?.sequence;
      if (stay?.leases[node] === 'held') {
        release.tried = true;
        stay = releaseStay(stay, node, ends, this.#attendance.now());
        sequence = await stream.put(stream.stay(memberKey), stay, found!.sequence);
        if (sequence === undefined) continue;
      }
      // For all that lingers: a node with a faster clock may have done with the note of another's later end.
      if (stay && release.tried) await stream.note(memberKey, lingersUntil(stay), sequence!);
      else if (this.#unanswered.has(name) && this.#runtime().uptime() - since < LATE_MS) return;
      if (this.#releases.get(name) !== release) return;
      this.#releases.delete(name);
      this.#unanswered.delete(name);
    }
  }
}
