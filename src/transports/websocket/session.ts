import { readFrame } from '../../hub/session/frame-reader.ts';
import { Session } from '../../hub/session/session.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { ClientFrame } from '../../protocol/frames.ts';
import type { Handshake } from '../exchange.ts';
import { capabilities } from './capabilities.ts';
import { textFormat } from './format.ts';
import { acceptWebSocket, WebSocketLink } from './link.ts';

/** How long a client may take for its first frame. */
const HELLO_MS = 10_000;

/**
 *  opened ──hello──► admitting ──► open ──► (ended)
 *  Frames that come while the hello's token is checked wait for it.
 */
type State =
  | { readonly kind: 'opened'; readonly deadline: NodeJS.Timeout }
  | { readonly kind: 'admitting'; readonly frames: ClientFrame[] }
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'ended' };

/** The SDK's endpoint over a WebSocket: one frame of the message language a text frame. */
export function serveSocketSession(handshake: Handshake): void {
  const { hub, caller } = handshake;
  const { limits } = hub;
  // A payload grows by a third as base64, and more where JSON escapes it.
  acceptWebSocket(handshake, limits.messageBytes * 2 + 64 * 1024, (webSocket) => {
    const link = new WebSocketLink(handshake, webSocket, textFormat, {
      message(data, isBinary) {
        try {
          if (isBinary) throw new FanwireError('invalid_frame', 'frames of this endpoint are text');
          receive(readFrame(data.toString()));
        } catch (error) {
          fail(error);
        }
      },
      drained() {
        if (state.kind === 'open') void state.session.connection.drained();
      },
      ended() {
        if (state.kind === 'opened') clearTimeout(state.deadline);
        if (state.kind === 'open') state.session.gone();
        state = { kind: 'ended' };
      },
    });
    let state: State = {
      kind: 'opened',
      deadline: setTimeout(() => fail(new FanwireError('invalid_frame', 'no hello came in time')), HELLO_MS),
    };

    function receive(frame: ClientFrame): void {
      switch (state.kind) {
        case 'opened':
          if (!('hello' in frame)) throw new FanwireError('invalid_frame', 'the first frame must be hello');
          clearTimeout(state.deadline);
          state = { kind: 'admitting', frames: [] };
          admit(frame.hello).catch(fail);
          return;
        case 'admitting':
          state.frames.push(frame);
          if (state.frames.length >= limits.framesInFlight) link.pauseReading();
          return;
        case 'open': {
          const { session } = state;
          void session.receive(frame).then(() => link.resumeReading());
          if (session.waiting >= limits.framesInFlight) link.pauseReading();
          return;
        }
        case 'ended':
          return;
      }
    }

    async function admit({ client, token }: { client: string; token?: string }): Promise<void> {
      const access =
        token === undefined ? caller.access : await hub.authorise({ ...caller.credentials, token });
      if (state.kind !== 'admitting') return;
      const { frames } = state;
      const session = new Session(
        hub,
        { ...caller, access, transport: capabilities.name, client },
        {
          sink: link,
          beat: () => link.ping(),
          close: (reason) => link.close(reason),
          abort: () => link.abort(),
          bye: () => link.finish(),
        },
      );
      state = { kind: 'open', session };
      for (const frame of frames) receive(frame);
      link.resumeReading();
    }

    function fail(error: unknown): void {
      if (state.kind === 'ended') return;
      const refusal = hub.refuse(error);
      if (state.kind === 'open') state.session.connection.close(refusal);
      else {
        link.frame(JSON.stringify({ error: refusal.toJSON() }));
        link.close(refusal);
      }
    }
  });
}
