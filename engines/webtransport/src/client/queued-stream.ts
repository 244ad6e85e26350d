/** A stream of what comes by itself. With `most` waiting, the oldest is let go for one more. */
export class QueuedStream<T> {
  readonly readable: ReadableStream<T>;
  readonly #most: number;
  readonly #waiting: T[] = [];
  /** Called when there is something for a reader that waits. */
  #arrived = () => {};
  #controller!: ReadableStreamDefaultController<T>;
  #state: 'open' | 'over' = 'open';

  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
    this.readable = new ReadableStream<T>(
      {
        start: (controller) => {
          this.#controller = controller as ReadableStreamDefaultController<T>;
        },
        pull: () => this.#pull(),
        cancel: () => void this.#over(),
      },
      // Nothing is taken ahead of a reader: what waits here can still be let go.
      { highWaterMark: 0 },
    );
  }

  add(item: T): void {
    if (this.#state === 'over') return;
    if (this.#waiting.length >= this.#most) this.#waiting.shift();
    this.#waiting.push(item);
    this.#arrived();
  }

  close(): void {
    if (this.#over()) this.#controller.close();
  }

  fail(error: Error): void {
    if (this.#over()) this.#controller.error(error);
  }

  async #pull(): Promise<void> {
    if (this.#waiting.length === 0) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    if (this.#state === 'open') this.#controller.enqueue(this.#waiting.shift()!);
  }

  /** Whether it was not over yet. */
  #over(): boolean {
    if (this.#state === 'over') return false;
    this.#state = 'over';
    this.#waiting.length = 0;
    this.#arrived();
    return true;
  }
}
