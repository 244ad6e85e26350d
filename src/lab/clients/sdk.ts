import { connect } from '../../client/client.ts';
import type { Technique } from './client.ts';

/** The name of its row; the others are each a transport's. */
export const SDK = 'fanwire';

export const sdk: Technique = {
  name: SDK,
  how: "fanwire's client as `connect` gives it, with all its transports",
  read({ url, channel, reception, signal }) {
    const client = connect(url, { storage: null });
    client.onStatus(({ why }) => reception.say(why));
    client.subscribe<number>(channel, {
      after: 'start',
      onMessage: ({ data }) => reception.message(data),
      onGap: () => reception.gap(),
      onError: (error) => reception.say((error as Error).message),
    });
    signal.addEventListener('abort', () => client.close());
  },
};
