/** The queue holds at most so many messages for a consumer that is slower than the channel. */
const MAX_LENGTH = 1000;
const RESUME_LENGTH = MAX_LENGTH / 4;

export interface Queue<T> {
  push(value: T): void;
  /** The iteration gives out what the queue holds. Then it ends, or throws the error if there is one. */
  end(error?: unknown): void;
  /** For one consumer. */
  iterate(): AsyncGenerator<T, void>;
}

/**
 * Between a channel and `for await`.
 *
 * @param pause called with true when the queue is full, because what comes later is to be read again from the position;
 *   with false when the queue has been read down
 * @param leave called when the consumer leaves its loop
 */
export function createQueue<T>(pause: (paused: boolean) => void, leave: () => void): Queue<T> {
  const values: T[] = [];
  let ended: { readonly error: unknown } | undefined;
  let wake = () => {};

  return {
    push(value) {
      if (values.push(value) === MAX_LENGTH) pause(true);
      wake();
    },
    end(error) {
      ended ??= { error };
      wake();
    },
    async *iterate() {
      try {
        for (;;) {
          while (values.length) {
            const value = values.shift() as T;
            if (values.length === RESUME_LENGTH && !ended) pause(false);
            yield value;
          }
          if (ended?.error) throw ended.error;
          if (ended) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        leave();
      }
    },
  };
}
