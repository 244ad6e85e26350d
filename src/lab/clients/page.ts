import { within } from './by-hand.ts';
import type { Reading } from './client.ts';

interface Page {
  readonly messages: readonly { readonly data: number }[];
  readonly position: string;
  readonly gaps: readonly unknown[];
  readonly more: boolean;
}

/** Asks once for what came after a position, and hands it on. Resolves with the position for the next time. */
export async function readPage(
  reading: Reading,
  after: string,
  headers: Readonly<Record<string, string>>,
  withinMs: number,
): Promise<{ position: string; more: boolean }> {
  const { url, channel, reception } = reading;
  const { messages, position, gaps, more } = await within(withinMs, reading, async (signal) => {
    const answer = await fetch(`${url}/channels/${channel}?after=${after}`, { headers, signal });
    if (!answer.ok) throw new Error(`answer ${answer.status}`);
    return (await answer.json()) as Page;
  });
  for (const _ of gaps) reception.gap();
  for (const { data } of messages) reception.message(data);
  return { position, more };
}
