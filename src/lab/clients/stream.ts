import type { Reading } from './client.ts';

/** Reads an answer that does not end; rejects or resolves when it has ended all the same. */
export async function readStream(
  { url, channel, signal }: Reading,
  query: string,
  headers: Readonly<Record<string, string>>,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  const answer = await fetch(`${url}/channels/${channel}${query}`, { headers, signal });
  if (!answer.ok) throw new Error(`answer ${answer.status}`);
  for await (const chunk of answer.body!) take(chunk);
}
