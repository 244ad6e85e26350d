// What a subscriber in JavaScript gets, as load/subscribers.c counts it: by the mark in each message (load/marks.h).
const MARK = /#(\d{8}):(\d{16})#/g;
const MARK_LENGTH = 27;

const nowUs = () => (performance.timeOrigin + performance.now()) * 1000;

export class Arrivals {
  /** The number of the newest message. */
  last = -1;
  count = 0;
  /** Messages that came after a later one, or twice. */
  faults = 0;
  /** Milliseconds from when each message was due, if they are kept. */
  delays;
  #rest = '';

  constructor({ keepsDelays = false } = {}) {
    if (keepsDelays) this.delays = [];
  }

  /** Takes a piece of a stream. */
  take(text) {
    const all = this.#rest + text;
    let end = 0;
    for (const { 0: mark, 1: number, 2: dueUs, index } of all.matchAll(MARK)) {
      this.#note(Number(number), Number(dueUs));
      end = index + mark.length;
    }
    this.#rest = all.slice(Math.max(end, all.length - MARK_LENGTH + 1));
  }

  reset() {
    this.count = 0;
    this.faults = 0;
    if (this.delays) this.delays = [];
  }

  #note(number, dueUs) {
    this.count += 1;
    if (number <= this.last) this.faults += 1;
    else this.last = number;
    this.delays?.push((nowUs() - dueUs) / 1000);
  }
}
