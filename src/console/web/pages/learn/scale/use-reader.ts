import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { TransportName } from '../../../../../client/index.ts';
import { sentenceOf } from '../../../shell/connection.ts';
import { type History, NO_HISTORY, withMark, withNodes, withOutage, withStay } from './history.ts';
import { NODE_NAMES, type NodeName } from './node-names.ts';
import { type Came, Reader } from './reader.ts';
import type { Nodes } from './use-cluster.ts';

const PUBLISH_MS = 1000;
const DRAW_MS = 250;

export interface ReaderView {
  readonly reader: Reader | undefined;
  readonly history: History;
  /** The newest message that came. */
  readonly newest: Came | undefined;
  readonly fault: string | undefined;
  publish(node: NodeName): void;
  /** Notes that a node is about to be killed. */
  pulled(node: NodeName): void;
}

/**
 * A client of the cluster, and a message a second for it.
 * @param publishing whether this page publishes by itself, each time at another node than the one its client is at
 */
export function useReader(
  nodes: Nodes | undefined,
  transport: TransportName,
  publishing: boolean,
): ReaderView {
  const [reader, setReader] = useState<Reader>();
  const [history, setHistory] = useState(NO_HISTORY);
  const [newest, setNewest] = useState<Came>();
  const [fault, setFault] = useState<string>();
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const now = useRef({ nodes, reader, newest });
  now.current = { nodes, reader, newest };
  const id = nodes?.id;
  const up = NODE_NAMES.filter((name) => nodes?.nodes[name].state === 'up');

  useEffect(() => {
    if (id === undefined) return;
    setHistory(NO_HISTORY);
    setNewest(undefined);
    setFault(undefined);
    const nameOf = (hubNode: string) =>
      NODE_NAMES.find((name) => {
        const state = now.current.nodes?.nodes[name];
        return state?.state === 'up' && state.node === hubNode;
      });
    const opened = new Reader(id, transport, nameOf, {
      stays: (node) => setHistory((before) => withStay(before, node, performance.now())),
      published: (node, key) =>
        setHistory((before) => withMark(before, 'published', { key, node, at: performance.now() })),
      refused: (error) => setFault(sentenceOf(error)),
      came(came) {
        setNewest(came);
        const { id: key, at, from } = came;
        if (from) setHistory((before) => withMark(before, 'came', { key, node: from, at }));
      },
    });
    setReader(opened);
    return () => opened.close();
  }, [id, transport]);

  useEffect(
    () => setHistory((before) => withNodes(before, up, performance.now())),
    [id, transport, up.join()],
  );

  useEffect(() => {
    const timer = setInterval(() => {
      const { reader, nodes } = now.current;
      if (!publishing || document.hidden || !reader || !nodes) return;
      const up = NODE_NAMES.filter((name) => nodes.nodes[name].state === 'up');
      const by = up.find((name) => name !== reader.node) ?? up[0];
      if (by) void reader.publish(by);
    }, PUBLISH_MS);
    const drawing = setInterval(draw, DRAW_MS, undefined);
    return () => {
      clearInterval(timer);
      clearInterval(drawing);
    };
  }, [publishing]);

  return {
    reader,
    history,
    newest,
    fault,
    publish: (node) => void reader?.publish(node),
    pulled: (node) =>
      setHistory((before) => withOutage(before, node, now.current.newest?.id, performance.now())),
  };
}
