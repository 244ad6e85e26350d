import type { ClientFrame, ServerFrame } from '../../protocol/frames.ts';
import type { Socket } from '../environment.ts';
import { errorOfAnswer, errorOfClose, failureOf, TransportError } from '../failure.ts';
import { createWatchdog } from '../watchdog.ts';
import type { Link, Port, Transport } from './transport.ts';

/** One socket carries both ways. Each frame is one text message. */
export const websocket: Transport = { name: 'websocket', streaming: true, open };

function open(port: Port): Link {
  const { endpoint, clientId, tokens, why, headers, openSocket, proofTimeoutMs, runtime } = port.environment;
  let socket: Socket | undefined;
  let state: 'opening' | 'open' | 'closed' = 'opening';
  const watchdog = createWatchdog(proofTimeoutMs, port.lost, runtime);

  const sendFrame = (frame: ClientFrame) => socket?.send(JSON.stringify(frame));

  const receive = ({ data }: { data: unknown }) => {
    try {
      const frame: ServerFrame = JSON.parse(data as string);
      watchdog.hear(frame);
      port.receive(frame);
    } catch (error) {
      // JSON that is no frame, `null` for example, throws here. The page must not get that error.
      port.lost(failureOf(error, 'garbled'));
    }
  };

  const start = async () => {
    const token = await tokens.get();
    if (state === 'closed') return;
    socket = openSocket(
      endpoint.replace(/^http/, 'ws'),
      (answer) => port.lost(answer ? errorOfAnswer(answer) : new TransportError('network', 'no connection')),
      headers,
    );
    socket.onopen = () => {
      state = 'open';
      watchdog.means(new TransportError('mute', 'opened, no answer'));
      sendFrame({ hello: { client: clientId, token, why: why?.() } });
    };
    socket.onmessage = receive;
    socket.onclose = ({ code, reason }: CloseEvent) =>
      port.lost(
        state === 'opening'
          ? new TransportError('refused', 'no upgrade, or no answer')
          : errorOfClose(code, reason, watchdog.idleMs()),
      );
  };

  start().catch((error) => port.lost(failureOf(error, 'unsupported')));

  return {
    send: (frames) => {
      for (const frame of frames) socket?.send(frame);
    },
    refresh: () => {
      watchdog.hurry(proofTimeoutMs);
      sendFrame({ ping: runtime.now() });
    },
    close: () => {
      state = 'closed';
      watchdog.stop();
      if (socket) {
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close(1000);
      }
    },
  };
}
