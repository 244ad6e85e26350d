/** How many calls are on their way at once: a node may have ten thousand channels to ask after. */
const AT_ONCE = 64;

/** Asks for each of many, a limited number at once; the answers are in the items' order. Rejects with the first failure. */
export async function eachOf<Item, Answer>(
  items: Iterable<Item>,
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const rest = [...items].entries();
  const worker = async () => {
    for (const [index, item] of rest) answers[index] = await ask(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return answers;
}
