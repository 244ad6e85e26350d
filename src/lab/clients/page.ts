import type { Reading } from './client.ts';

interface Page {
  readonly messages: readonly { readonly data: number }[];
  readonly position: string;
  readonly gaps: readonly unknown[];
  readonly more: boolean;
}

/** Asks once for what came after a position, and hands it on. Resolves with the position for the next time. */
export async function readPage(
  { url, channel, reception, signal }: Reading,
  after: string,
  headers: Readonly<Record<string, string>>,
  withinMs: number,
): Promise<{ position: string; more: boolean }> {
  const answer = await fetch(`${url}/channels/${channel}?after=${after}`, {
    headers,
    signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
  });
  if (!answer.ok) throw new Error(`answer ${answer.status}`);
  const { messages, position, gaps, more } = (await answer.json()) as Page;
  for (const _ of gaps) reception.gap();
  for (const { data } of messages) reception.message(data);
  return { position, more };
}
