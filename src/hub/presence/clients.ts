import type { Member } from '../../protocol/frames.ts';
import { CLIENTS_CHANNEL } from '../authorisation/own-channels.ts';
import type { PresenceNotice } from './hold.ts';
import type { Presence } from './presence.ts';

/** A client of the SDK, as `onConnect` and `onDisconnect` are told of it. */
export interface ConnectedClient {
  /** Its public id: `client` of a member of presence, `from` of its messages. */
  readonly client: string;
  /** Of its token. A client that goes on with another subject is another one. */
  readonly subject: string | undefined;
  /** The network address that it last came from. */
  readonly address: string;
  /** When it connected, in Unix milliseconds: the same for its connect and its disconnect. */
  readonly since: number;
}

export interface ClientHooks {
  readonly onConnect?: ((client: ConnectedClient) => void) | undefined;
  readonly onDisconnect?: ((client: ConnectedClient) => void) | undefined;
}

/** A session's part in its client's being connected. */
export interface ClientStay {
  /** @param atOnce the client said goodbye */
  end(atOnce: boolean): void;
}

/**
 * Who is connected, as presence knows who is on a channel: whatever a client has of connections and nodes is one stay, which
 * begins once and ends once.
 */
export class Clients {
  readonly #hooks: ClientHooks;
  readonly #presence: Presence;
  readonly #report: (error: unknown) => void;

  constructor(hooks: ClientHooks, presence: Presence, report: (error: unknown) => void) {
    this.#hooks = hooks;
    this.#presence = presence;
    this.#report = report;
  }

  begin(client: string, subject: string | undefined, address: string): ClientStay {
    this.#presence.join(CLIENTS_CHANNEL, client, subject, { address });
    let ended = false;
    return {
      end: (atOnce) => {
        if (ended) return;
        ended = true;
        this.#presence.release(CLIENTS_CHANNEL, client, subject, atOnce);
      },
    };
  }

  tell({ change, member }: PresenceNotice): void {
    const { onConnect, onDisconnect } = this.#hooks;
    const hook = change === 'join' ? onConnect : change === 'leave' ? onDisconnect : undefined;
    // One that is async may fail later, and nobody waits for it.
    Promise.resolve(clientOf(member)).then(hook).catch(this.#report);
  }
}

function clientOf({ client, subject, since, data }: Member): ConnectedClient {
  return { client, subject, address: (data as { address: string }).address, since };
}
