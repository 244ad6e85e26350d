import type { FrameSink } from '../../../src/hub/session/session.ts';
import type { ServerFrame } from '../../../src/protocol/frames.ts';
import { framesFormat } from '../../../src/transports/json-answer.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into frames of every shape
type AnyFrame = any;

/** Keeps the frames that a session writes. */
export class KeepingSink implements FrameSink {
  readonly format = framesFormat;
  readonly frames: AnyFrame[] = [];
  readonly drains = true;
  writable = true;

  get full(): boolean {
    return !this.writable;
  }

  write(chunk: unknown): void {
    for (const text of chunk as readonly string[]) this.frame(text);
  }

  frame(json: string): void {
    this.frames.push(JSON.parse(json));
  }

  /** The answer to a frame. */
  answer(ref: number): AnyFrame {
    return this.frames.find((frame: ServerFrame) => 'ref' in frame && frame.ref === ref);
  }

  /** What messages said, in the order they came. */
  get data(): unknown[] {
    return this.frames.filter((frame) => 'id' in frame).map((frame) => frame.data);
  }
}
