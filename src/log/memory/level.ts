/**
 * What each may hold so that so much is set free: those that hold more lose the rest, and others nothing.
 * @param costs what each holds
 * @param excess how much is to be set free
 */
export function levelFor(costs: readonly number[], excess: number): number {
  // As numbers of a typed array: to sort a hundred thousand others takes ten times as long.
  const sorted = Float64Array.from(costs).sort();
  let above = 0;
  for (let count = 1; count <= sorted.length; count++) {
    above += sorted.at(-count)!;
    const level = (above - excess) / count;
    if (level >= (sorted.at(-count - 1) ?? 0)) return level;
  }
  return 0;
}
