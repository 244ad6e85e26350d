import type { Connection } from '../hub/connection.ts';

/** Clients that come back elsewhere each millisecond: a window is as long as their number asks for. */
const PER_MS = 1;
const WINDOW_MOST_MS = 30_000;

/**
 * Sends every connection away, spread over a window: told all at once, all would come back at once.
 * @param windowMs default: a millisecond a connection, 30 s at most
 */
export async function drain(connections: ReadonlySet<Connection>, windowMs?: number): Promise<void> {
  const leaving = shuffled([...connections]);
  const window = windowMs ?? Math.min(WINDOW_MOST_MS, Math.ceil(leaving.length / PER_MS));
  for (const connection of leaving) connection.move(window);
  await Promise.all(
    leaving.map(
      (connection, index) =>
        new Promise<void>((done) => {
          setTimeout(
            () => {
              connection.close(undefined);
              done();
            },
            (window * (index + 1)) / leaving.length,
          );
        }),
    ),
  );
}

function shuffled<Item>(items: Item[]): Item[] {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
  return items;
}
