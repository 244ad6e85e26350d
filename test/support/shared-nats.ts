import { after } from 'node:test';
import { type NatsServer, openNats } from './nats-server.ts';

/** What a call may take: a busy machine is no outage. */
const PATIENT_MS = 20_000;

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
