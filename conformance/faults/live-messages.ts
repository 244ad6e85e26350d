import type { Answers } from '../../test/support/tcp-proxy.ts';
import type { Random } from './random.ts';

/** What becomes of live messages between an engine and a node: what was asked for passes in any case. */
export type Treatment = 'pass' | 'lose' | 'late' | 'swap';

/** How an engine's answers are told apart. */
export interface Framing {
  /** Bytes of the first whole frame, 0 if there is none yet. */
  lengthOf(bytes: Buffer): number;
  isLive(frame: Buffer): boolean;
}

/** Of so many live messages one is treated: the others show that something is wrong. */
const TREATED = 0.25;
const LATE_MS = 200;
/** A message that finds no other to change places with goes on after so long. */
const ALONE_MS = 400;

/** Treats live messages on a connection as `treatment` says at the time. */
export function treatLive(framing: Framing, random: Random, treatment: () => Treatment): Answers {
  return (write) => {
    let rest: Buffer = Buffer.alloc(0);
    let waiting: Buffer[] = [];

    const release = () => {
      for (const frame of waiting) write(frame);
      waiting = [];
    };

    function live(frame: Buffer): void {
      const treated = random.chance(TREATED);
      switch (treatment()) {
        case 'lose':
          release();
          if (!treated) write(frame);
          return;
        case 'late':
          // In their order, and behind answers that they should have come before.
          waiting.push(frame);
          setTimeout(release, LATE_MS);
          return;
        case 'swap':
          if (treated && waiting.length === 0) {
            waiting.push(frame);
            setTimeout(release, ALONE_MS);
            return;
          }
          write(frame);
          release();
          return;
        case 'pass':
          release();
          write(frame);
      }
    }

    return (bytes) => {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      for (let length = framing.lengthOf(rest); length > 0; length = framing.lengthOf(rest)) {
        const frame = rest.subarray(0, length);
        rest = rest.subarray(length);
        if (framing.isLive(frame)) live(frame);
        else write(frame);
      }
    };
  };
}

/** The protocol of NATS: a line, and behind that of a message so many bytes and a line end. */
export const NATS_FRAMING: Framing = {
  lengthOf(bytes) {
    const end = bytes.indexOf('\r\n');
    if (end === -1) return 0;
    const line = bytes.subarray(0, end).toString('latin1');
    const length = end + 2 + (/^H?MSG /.test(line) ? Number(line.split(' ').at(-1)) + 2 : 0);
    return length <= bytes.length ? length : 0;
  },
  isLive: (frame) => /^HMSG fanwire\.live\./.test(frame.subarray(0, 24).toString('latin1')),
};

/** The protocol of Redis, in its versions 2 and 3. */
export const REDIS_FRAMING: Framing = {
  lengthOf: (bytes) => endOf(bytes, 0),
  isLive: (frame) => /^[*>]3\r\n\$7\r\nmessage\r\n/.test(frame.subarray(0, 24).toString('latin1')),
};

/** Where the value ends that begins there; 0 if that is not there yet. */
function endOf(bytes: Buffer, start: number): number {
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd === -1) return 0;
  const kind = String.fromCharCode(bytes[start]!);
  const number = Number(bytes.subarray(start + 1, lineEnd).toString('latin1'));
  const next = lineEnd + 2;
  if ('$=!'.includes(kind)) return number < 0 ? next : within(bytes, next + number + 2);
  if (!'*>~%'.includes(kind)) return next;
  let end = next;
  for (let left = kind === '%' ? 2 * number : number; left > 0; left--) {
    end = endOf(bytes, end);
    if (end === 0) return 0;
  }
  return end;
}

function within(bytes: Buffer, end: number): number {
  return end <= bytes.length ? end : 0;
}
