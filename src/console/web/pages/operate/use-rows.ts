import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Client } from '../../../../client/index.ts';
import {
  type ChannelRow,
  type ClientRow,
  compare,
  type RowsPage,
  type RowsQuery,
  rowsChannel,
} from '../../../operate/reports.ts';
import { randomMark } from '../../measure/random-mark.ts';
import { OPERATORS_ONLY } from './use-nodes.ts';

/** Well before the nodes give the view up. */
const RENEW_MS = 10_000;

type DistributiveOmit<Union, Keys extends PropertyKey> = Union extends unknown ? Omit<Union, Keys> : never;
export type Question = DistributiveOmit<RowsQuery, 'view' | 'asked' | 'node'>;

export interface Rows<Row> {
  /** In the order that was asked for, those of all nodes together. */
  readonly rows: RowsPage<Row>['rows'];
  /** Of all rows, and of those that fit the search; undefined until a node has answered. */
  readonly total: number | undefined;
  readonly matching: number | undefined;
}

export interface Asked {
  readonly fanwire: Client;
  /** Whose answers count. */
  readonly nodes: readonly string[];
  /** The node that is asked; undefined for all. */
  readonly node: string | undefined;
  readonly onRefused: (reason: string) => void;
}

interface Answers<Row> {
  readonly asked: number;
  readonly pages: ReadonlyMap<string, RowsPage<Row>>;
}

/** A view of a long list that the nodes search, sort and cut, kept up to date while it is shown. */
export function useRows<Row extends ClientRow | ChannelRow>(
  { fanwire, nodes, node, onRefused }: Asked,
  question: Question,
): Rows<Row> {
  const view = useMemo(randomMark, [fanwire]);
  const asked = useRef(0);
  const [answers, setAnswers] = useState<Answers<Row>>({ asked: 0, pages: new Map() });
  const text = JSON.stringify(question);
  const names = nodes.join();

  useEffect(() => {
    const rows = fanwire.subscribe<RowsPage<Row>>(rowsChannel(view), {
      onMessage: ({ data }) =>
        setAnswers((before) => {
          if (data.asked < before.asked) return before;
          const kept = data.asked === before.asked ? before.pages : [];
          return { asked: data.asked, pages: new Map([...kept, [data.node, data]]) };
        }),
      // The request below is refused as well, and tells of it.
      onError() {},
    });
    return () => rows.close();
  }, [fanwire, view]);

  useEffect(() => {
    asked.current += 1;
    const query = { ...JSON.parse(text), view, asked: asked.current, ...(node !== undefined && { node }) };
    const ask = () =>
      fanwire.request('console:look', query).catch((error: unknown) => {
        if ((error as { code?: unknown }).code === 'forbidden') onRefused(OPERATORS_ONLY);
      });
    void ask();
    const timer = setInterval(ask, RENEW_MS);
    return () => clearInterval(timer);
  }, [fanwire, onRefused, view, node, text, names]);

  const pages = [...answers.pages.values()].filter((page) => nodes.includes(page.node));
  return { rows: joined(pages, question), ...totals(pages, question) };
}

function joined<Row>(
  pages: readonly RowsPage<Row>[],
  { descending, limit, of }: Question,
): Rows<Row>['rows'] {
  const sign = descending ? -1 : 1;
  const all = pages.flatMap(({ rows }) => rows).sort((a, b) => sign * compare(a, b));
  // Every node that shares the log knows its channels.
  const rows =
    of === 'channels' || of === 'channel' ? [...new Map(all.map((row) => [row.key, row])).values()] : all;
  return rows.slice(0, limit);
}

function totals(pages: readonly RowsPage<unknown>[], { of }: Question) {
  if (pages.length === 0) return { total: undefined, matching: undefined };
  const join = (values: readonly number[]) =>
    of === 'channels' ? Math.max(...values) : values.reduce((sum, each) => sum + each);
  return {
    total: join(pages.map(({ total }) => total)),
    matching: join(pages.map(({ matching }) => matching)),
  };
}
