/** The known name that a mistyped one most likely meant, or undefined when none is close. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  // Two typing errors, as two letters swapped are; one in a short name.
  const limit = name.length < 4 ? 1 : 2;
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && (!best || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name;
}

/** ` (did you mean x?)`, or nothing. */
export function suggestion(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

/** Levenshtein's distance, in one row. */
function editDistance(from: string, to: string): number {
  const row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    let diagonal = row[0]!;
    row[0] = i;
    for (let j = 1; j <= to.length; j++) {
      const substituted = diagonal + (from[i - 1] === to[j - 1] ? 0 : 1);
      diagonal = row[j]!;
      row[j] = Math.min(diagonal + 1, row[j - 1]! + 1, substituted);
    }
  }
  return row[to.length]!;
}
