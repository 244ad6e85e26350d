import type { TransportName } from '../../../client/index.ts';
import type { PageProps } from '../shell/pages.ts';
import { CHANNEL } from './lane.ts';
import type { OnRefused, OpenSource } from './lane-source.ts';
import type { Sent } from './publisher.ts';

/** Reads by the SDK, over one of its transports. */
export function transportSource(
  transport: TransportName,
  pollIntervalMs: number,
  connectBeside: PageProps['connectBeside'],
  onRefused: OnRefused,
): OpenSource {
  return (lane) => {
    const client = connectBeside({
      transports: [transport],
      pollIntervalMs,
      // Remembers nothing, because a lane's transport says nothing about the best one.
      storage: null,
      fetch: (input, init) => fetch(lane.requesting(input as string), init),
      WebSocket: class extends WebSocket {
        constructor(url: string) {
          super(lane.requesting(url));
        }
      },
    });
    const subscription = client.subscribe<Sent>(CHANNEL, {
      onError: onRefused,
      onMessage: (message) => lane.message(message),
      onGap: () => lane.gap(),
    });
    let subscribed = false;
    const look = () => {
      const { status } = client;
      if (status.state === 'connected' && subscribed) lane.connected();
      else if (status.failures.length > 0 && status.state !== 'connected') {
        const { cause, detail } = status.failures.at(-1)!;
        lane.disconnected(`${cause} (${detail})`);
      } else lane.disconnected(undefined);
    };
    const off = client.onStatus(look);
    subscription.ready.then(
      () => {
        subscribed = true;
        look();
      },
      // On a refusal the console asks for a token.
      () => {},
    );
    return () => {
      off();
      client.close();
    };
  };
}
