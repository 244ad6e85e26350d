import { sha1 } from './sha1.ts';

/** RFC 6455 section 1.3. */
export const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What `Sec-WebSocket-Accept` must be for a key, with the steps to it. */
export function acceptOf(key: string): { readonly digest: Uint8Array; readonly accept: string } {
  const digest = sha1(new TextEncoder().encode(key + GUID));
  return { digest, accept: btoa(String.fromCharCode(...digest)) };
}
