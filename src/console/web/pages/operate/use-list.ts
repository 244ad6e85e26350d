import { useEffect, useState } from 'preact/hooks';
import type { Place } from '../../../operate/reports.ts';
import type { Order } from '../../parts/table.tsx';

/** Rows of one page of a list. */
export const PAGE_ROWS = 25;
/** Keys that follow each other this fast are one search. */
const TYPING_MS = 200;

/** What somebody does with a long list: searches it, has it sorted, and turns its pages. */
export function useList<By extends string>(first: Order<By>) {
  const [text, setText] = useState('');
  const [search, setSearch] = useState('');
  const [order, setOrder] = useState(first);
  /** Where each page but the first begins: behind the last row of the one before. */
  const [places, setPlaces] = useState<readonly Place[]>([]);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSearch(text.trim());
      setPlaces([]);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return {
    text,
    setText,
    search,
    order,
    setOrder(next: Order<By>) {
      setOrder(next);
      setPlaces([]);
    },
    /** Rows before the page that is shown. */
    skipped: places.length * PAGE_ROWS,
    after: places.at(-1),
    next: (last: Place) => setPlaces([...places, { value: last.value, key: last.key }]),
    previous: () => setPlaces(places.slice(0, -1)),
  };
}
