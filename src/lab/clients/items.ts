import { createLineReader } from '../../wire/ndjson-reader.ts';
import type { Reception } from '../reception.ts';

const MAX_LINE_LENGTH = 1024 * 1024;

/** What a line or a frame of a channel may be. */
interface Item {
  readonly id?: string;
  readonly data?: number;
  readonly gap?: unknown;
  readonly heartbeat?: { readonly position: string };
}

/** Takes what a channel sends as JSON. @param reach is told the position to come back with */
export function itemTaker(reception: Reception, reach: (position: string) => void): (text: string) => void {
  return (text) => {
    const { id, data, gap, heartbeat }: Item = JSON.parse(text);
    if (gap) reception.gap();
    if (heartbeat) reach(heartbeat.position);
    if (id === undefined) return;
    reach(id);
    reception.message(data!);
  };
}

/** The same from bytes, a line each. */
export function lineTaker(
  reception: Reception,
  reach: (position: string) => void,
): (chunk: Uint8Array) => void {
  const utf8 = new TextDecoder();
  const lines = createLineReader(itemTaker(reception, reach), MAX_LINE_LENGTH);
  return (chunk) => lines(utf8.decode(chunk, { stream: true }));
}
