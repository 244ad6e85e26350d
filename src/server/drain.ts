import type { Connection } from '../hub/connections/connection.ts';

/** Clients that come back elsewhere each millisecond: a window is as long as their number asks for. */
const PER_MS = 1;
const MAX_WINDOW_MS = 30_000;
/** Clients wait 20 ms at least before they move, and have to connect elsewhere: few of them need time as well. */
const MIN_WINDOW_MS = 100;

/** Milliseconds over which so many connections are sent away. */
export function drainWindow(connections: number): number {
  return Math.min(MAX_WINDOW_MS, Math.max(MIN_WINDOW_MS, Math.ceil(connections / PER_MS)));
}

/**
 * Sends every connection away, spread over a window: told all at once, all would come back at once.
 * @param signal lets those stay that have not left
 */
export async function drain(
  connections: ReadonlySet<Connection>,
  windowMs: number = drainWindow(connections.size),
  signal?: AbortSignal,
): Promise<void> {
  const leaving = shuffled([...connections]);
  for (const connection of leaving) connection.move(windowMs);
  if (leaving.length === 0) return;
  await new Promise<void>((done) => {
    let left = leaving.length;
    const timers = leaving.map((connection, index) =>
      setTimeout(
        () => {
          connection.close(undefined);
          left -= 1;
          if (left === 0) done();
        },
        (windowMs * (index + 1)) / leaving.length,
      ),
    );
    signal?.addEventListener('abort', () => {
      for (const timer of timers) clearTimeout(timer);
      done();
    });
  });
}

function shuffled<Item>(items: Item[]): Item[] {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
  return items;
}
