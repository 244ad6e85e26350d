import { after } from 'node:test';
import { type NatsServer, openNats } from './nats-server.ts';

let opening: Promise<NatsServer> | undefined;
let streams = 0;

/** One nats-server for all tests of a file; each takes a stream of its own. */
export async function sharedNats(): Promise<{ readonly url: string; readonly stream: string }> {
  opening ??= openNats();
  const { url } = await opening;
  streams += 1;
  return { url, stream: `test-${streams}` };
}

after(async () => (await opening)?.remove());
