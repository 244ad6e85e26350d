/** How many of the first items together weigh no more than so much: one at least, however heavy. */
export function countWithin(maxWeight: number, items: readonly { readonly weight: number }[]): number {
  let weight = 0;
  const beyond = items.findIndex((item, index) => {
    weight += item.weight;
    return index > 0 && weight > maxWeight;
  });
  return beyond === -1 ? items.length : beyond;
}
