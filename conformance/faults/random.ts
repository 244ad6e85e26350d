/** Chance that one number decides: the same seed draws the same again, whatever else has drawn meanwhile. */
export interface Random {
  /** From 0 up to, and never, 1. */
  next(): number;
  /** A whole number from `min` to `max`. */
  between(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(of: readonly T[]): T;
  shuffle<T>(of: readonly T[]): T[];
  /** Chance of its own for whoever goes by this name, so that no two have to take turns. */
  fork(name: string): Random;
}

export function createRandom(seed: string | number): Random {
  let state = hashOf(String(seed));

  // Mulberry32: enough for schedules, and short enough to be read.
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));

  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (of) => of[between(0, of.length - 1)]!,
    shuffle(of) {
      const rest = [...of];
      return of.map(() => rest.splice(between(0, rest.length - 1), 1)[0]!);
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash;
}
