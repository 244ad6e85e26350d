import { after } from 'node:test';
import { type NatsServer, openNats } from './nats-server.ts';
import { PATIENT_MS } from './patience.ts';

let opening: Promise<NatsServer> | undefined;
let streams = 0;

/** One nats-server for all tests of a file; each takes a stream of its own. */
export async function sharedNats(): Promise<{
  readonly url: string;
  readonly stream: string;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}> {
  opening ??= openNats();
  const { url } = await opening;
  streams += 1;
  // NATS sets the room for a stream aside, and there are many.
  return { url, stream: `test-${streams}`, maxBytes: 16 * 1024 * 1024, timeoutMs: PATIENT_MS };
}

after(async () => (await opening)?.remove());
