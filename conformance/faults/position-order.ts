/** The order of positions over the epochs of a run, which follow each other as they are first seen. */
export class PositionOrder {
  readonly #epochs: string[] = [];

  compare(one: string, other: string): number {
    const [oneEpoch, oneSequence] = this.#parse(one);
    const [otherEpoch, otherSequence] = this.#parse(other);
    return oneEpoch - otherEpoch || oneSequence - otherSequence;
  }

  later(one: string | undefined, other: string): string {
    return one !== undefined && this.compare(one, other) > 0 ? one : other;
  }

  #parse(position: string): [epoch: number, sequence: number] {
    const [epoch = '', sequence] = position.split('.');
    if (!this.#epochs.includes(epoch)) this.#epochs.push(epoch);
    return [this.#epochs.indexOf(epoch), Number(sequence)];
  }
}

export function epochOf(position: string): string {
  return position.split('.')[0]!;
}
