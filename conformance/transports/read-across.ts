import {
  Disconnected,
  type Item,
  type OpenReader,
  type Reader,
  type ReaderOptions,
} from '../../test/support/readers/reader.ts';

/** Reads on with its position after every break of the connection, until it has so many items. */
export async function readAcross(
  open: OpenReader,
  url: string,
  options: ReaderOptions,
  count: number,
  onItem: (item: Item) => void = () => {},
): Promise<Item[]> {
  const items: Item[] = [];
  let after = options.after;
  for (;;) {
    let reader: Reader | undefined;
    try {
      reader = await open(url, { ...options, ...(after === undefined ? {} : { after }) });
      while (items.length < count) {
        const item = await reader.next();
        items.push(item);
        after = reader.position;
        onItem(item);
      }
      return items;
    } catch (error) {
      if (!(error instanceof Disconnected)) throw error;
    } finally {
      reader?.close();
    }
  }
}
