import type { Event, Gap, Message } from '../../../src/grpc/index.ts';

/** Reads the events of a stream one by one, and ends it. */
export interface EventReader {
  /** The next message or gap. */
  next(): Promise<Event['event'] & { case: 'message' | 'gap' }>;
  message(): Promise<Message>;
  gap(): Promise<Gap>;
  /** The position of the next heartbeat. */
  heartbeat(): Promise<string | undefined>;
  /** How it ends. @throws if more comes */
  end(): Promise<unknown>;
  cancel(): void;
}

export function readEvents(open: (signal: AbortSignal) => AsyncIterable<Event>): EventReader {
  const abort = new AbortController();
  const events = open(abort.signal)[Symbol.asyncIterator]();
  async function any(): Promise<Event['event']> {
    const { value, done } = await events.next();
    if (done) throw new Error('the stream has ended');
    return value.event;
  }
  const reader: EventReader = {
    async next() {
      for (;;) {
        const event = await any();
        if (event.case === 'message' || event.case === 'gap') return event;
      }
    },
    async message() {
      const event = await reader.next();
      if (event.case !== 'message') throw new Error(`a gap where none should be: ${event.value.to}`);
      return event.value;
    },
    async gap() {
      const event = await reader.next();
      if (event.case !== 'gap') throw new Error(`a message where a gap should be: ${event.value.id}`);
      return event.value;
    },
    async heartbeat() {
      const event = await any();
      if (event.case !== 'heartbeat') throw new Error(`a ${event.case} where a heartbeat should be`);
      return event.value.position;
    },
    async end() {
      try {
        for (;;) {
          const event = await any();
          if (event.case !== 'heartbeat') throw new Error(`a ${event.case} where the end should be`);
        }
      } catch (error) {
        return error;
      }
    },
    cancel: () => abort.abort(),
  };
  return reader;
}
