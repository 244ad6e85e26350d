import type { ReceiveStream, SendStream } from '../../../src/transports/session-offer.ts';

/** A stream that a test writes in the client's place. Like the engine's it gives nothing while it is paused. */
export class ScriptedReceiveStream implements ReceiveStream {
  ondata = (_bytes: Uint8Array): void => {};
  onend = (): void => {};
  onreset = (_code: number): void => {};
  stopped: number | undefined;
  /** What has come in spite of a pause. */
  #waiting: (() => void)[] = [];
  #paused = false;

  get paused(): boolean {
    return this.#paused;
  }

  give(...parts: (string | Uint8Array)[]): void {
    for (const part of parts) this.#come(() => this.ondata(Buffer.from(part as string)));
  }

  end(): void {
    this.#come(() => this.onend());
  }

  reset(): void {
    this.#come(() => this.onreset(0));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    while (!this.#paused && this.#waiting.length > 0) this.#waiting.shift()!();
  }

  stop(code: number): void {
    this.stopped = code;
    this.#waiting = [];
  }

  #come(event: () => void): void {
    if (this.stopped !== undefined) return;
    if (this.#paused) this.#waiting.push(event);
    else event();
  }
}

/** Between the engine's high water and what may wait at most. */
const SLACK_BYTES = 768 * 1024;

/** A stream whose client reads when the test says so. */
export class ScriptedSendStream implements SendStream {
  ondrain = (): void => {};
  onstop = (_code: number): void => {};
  ending: 'ended' | 'reset' | undefined;
  /** Bytes that may wait until a write is answered by false; with `SLACK_BYTES` more it throws. */
  room = Number.POSITIVE_INFINITY;
  #waiting = 0;
  #text = '';

  /** Everything that was written. */
  get text(): string {
    return this.#text;
  }

  get lines(): unknown[] {
    return this.#text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  /** Bytes that wait for the client. */
  get waiting(): number {
    return this.#waiting;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#waiting >= this.room + SLACK_BYTES) throw new Error('too many bytes wait');
    this.#waiting += bytes.length;
    this.#text += Buffer.from(bytes).toString();
    return this.#waiting < this.room;
  }

  /** The client reads all of it. */
  drain(): void {
    this.#waiting = 0;
    this.ondrain();
  }

  end(): void {
    this.ending = 'ended';
  }

  reset(): void {
    this.ending = 'reset';
  }
}
