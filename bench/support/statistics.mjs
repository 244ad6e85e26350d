export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** @param {number[]} sorted @param {number} share of them that are no larger */
export function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}

/** What rounds brought, by name: so that contestants may take turns. */
export class Rounds {
  #rounds = new Map();

  note(name, figures) {
    this.#rounds.set(name, [...(this.#rounds.get(name) ?? []), figures]);
  }

  has(name) {
    return this.#rounds.has(name);
  }

  of(name, key) {
    return this.#rounds.get(name).map((figures) => figures[key]);
  }

  median(name, key) {
    return median(this.of(name, key));
  }

  /** The median of each figure. */
  medians(name, keys) {
    return Object.fromEntries(keys.map((key) => [key, this.median(name, key)]));
  }

  least(name, key) {
    return Math.min(...this.of(name, key));
  }

  most(name, key) {
    return Math.max(...this.of(name, key));
  }

  /** The median of the ratios within each round: what slows a round down does so for both. */
  ratio(name, key, floor) {
    const floors = this.of(floor, key);
    return median(this.of(name, key).map((figure, round) => figure / floors[round]));
  }
}
