import type { Addition } from '../../../src/log/addition.ts';
import type { Follower, Log, LogCapabilities, Page, PageLimit, Retention } from '../../../src/log/log.ts';
import { memoryLog } from '../../../src/log/memory/memory-log.ts';
import type { StoredMessage } from '../../../src/log/message.ts';
import type { Start } from '../../../src/protocol/start.ts';

/**
 * A log as far away as a test wants it: what was appended is told of, and what was read arrives, only when
 * the test says so.
 */
export class ScriptedLog implements Log {
  readonly capabilities: LogCapabilities = { name: 'scripted', durable: false, shared: true, atomic: true };
  /** Reads fail with it while it is set. */
  failure: Error | undefined;
  readonly #kept = memoryLog({ epoch: 'scripted' });
  readonly #untold: StoredMessage[] = [];
  #unread: (() => void)[] = [];
  #wake: () => void = () => {};
  #follower!: Follower;

  async open(follower: Follower, retention: (channel: string) => Retention): Promise<void> {
    this.#follower = follower;
    await this.#kept.open({ appended: (message) => this.#untold.push(message), interrupted() {} }, retention);
  }

  close(): Promise<void> {
    return this.#kept.close();
  }

  append(additions: readonly Addition[]): ReturnType<Log['append']> {
    return this.#kept.append(additions);
  }

  /** What is read is what there is when it is asked for, however much later it arrives. */
  async read(channels: readonly string[], start: Start, limit: PageLimit): Promise<Page> {
    const { failure } = this;
    const page = this.#kept.read(channels, start, limit);
    await new Promise<void>((resolve) => {
      this.#unread.push(resolve);
      this.#wake();
    });
    if (failure) throw failure;
    return page;
  }

  follow(channel: string): Promise<void> {
    return this.#kept.follow(channel);
  }

  unfollow(channel: string): void {
    this.#kept.unfollow(channel);
  }

  /** Tells of the next so many appends. */
  tell(count = Number.POSITIVE_INFINITY): void {
    for (const message of this.#untold.splice(0, count)) this.#follower.appended(message);
  }

  /** Resolves once there is a read to answer. */
  async asked(): Promise<void> {
    while (this.#unread.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Lets every read that was asked for arrive. */
  answerReads(): void {
    for (const resolve of this.#unread.splice(0)) resolve();
  }

  /** Loses what was not told of yet. */
  interrupt(): void {
    this.#untold.splice(0);
    this.#follower.interrupted();
  }
}
