import type { ClientFrame, ServerFrame } from '../../protocol/frames.ts';
import type { Socket } from '../environment.ts';
import { errorOfAnswer, errorOfClose, failureOf, SILENT, TransportError } from '../failure.ts';
import { createWatchdog } from '../watchdog.ts';
import type { Link, Port, Transport } from './transport.ts';

/** One socket for both ways: each frame is one text frame. */
export const websocket: Transport = { name: 'websocket', streaming: true, open };

function open(port: Port): Link {
  const { endpoint, clientId, tokens, openSocket, proofTimeoutMs } = port.environment;
  let socket: Socket | undefined;
  let state: 'opening' | 'open' | 'closed' = 'opening';
  let limitMs = proofTimeoutMs;
  /** What it means when nothing is heard now. */
  let silence = new TransportError('mute', 'no answer');
  const watchdog = createWatchdog(limitMs, () => lose(silence));
  const lose = (error: unknown) => port.lost(failureOf(error));

  const sendFrame = (frame: ClientFrame) => socket?.send(JSON.stringify(frame));

  const receive = ({ data }: { data: unknown }) => {
    let frame: ServerFrame;
    try {
      frame = JSON.parse(data as string);
    } catch (error) {
      return lose(error);
    }
    if ('welcome' in frame) {
      silence = SILENT;
      limitMs = frame.welcome.heartbeatMs * 1.5;
    }
    if ('welcome' in frame || 'pong' in frame) watchdog.allow(limitMs);
    else watchdog.feed();
    port.receive(frame);
  };

  const start = async () => {
    const token = await tokens.get();
    if (state === 'closed') return;
    socket = openSocket(endpoint.replace(/^http/, 'ws'), (answer) =>
      lose(answer ? errorOfAnswer(answer) : new TransportError('network', 'no connection')),
    );
    socket.onopen = () => {
      state = 'open';
      silence = new TransportError('mute', 'opened, then nothing');
      sendFrame({ hello: { client: clientId, ...(token && { token }) } });
    };
    socket.onmessage = receive;
    socket.onclose = ({ code, reason }: CloseEvent) =>
      lose(
        state === 'opening'
          ? new TransportError('refused', 'no upgrade')
          : errorOfClose(code, reason, watchdog.idleMs()),
      );
  };

  start().catch((error) => port.lost(failureOf(error, 'unsupported')));

  return {
    send: (frames) => {
      for (const frame of frames) socket?.send(frame);
    },
    refresh: () => {
      watchdog.allow(Math.min(proofTimeoutMs, limitMs));
      sendFrame({ ping: Date.now() });
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
