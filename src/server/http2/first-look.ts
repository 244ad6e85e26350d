import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Silent } from './silent.ts';

/** How a client begins that knows of HTTP/2 already (RFC 9113 section 3.4): no method of HTTP/1.1 is called so. */
const PREFACE = Buffer.from('PRI ');

/** On a socket that was looked at: it may come again, see `plain-upgrade.ts`. */
const LOOKED = Symbol('looked');
type Looked = Socket & { [LOOKED]?: true };

/**
 * Looks at the first bytes of each connection to a cleartext server, before anybody else hears of it: those of HTTP/2 go to
 * `takeHttp2`. It costs a read a connection; later requests on it are read by Node's parser as ever.
 * @param admit says whether a connection may stay
 * @returns those that have sent nothing yet
 */
export function lookFirst(
  server: Server,
  admit: (socket: Socket) => boolean,
  takeHttp2: (socket: Socket) => void,
): Silent {
  const { emit } = server;
  const silent = new Silent(server);

  function emitLooked(this: Server, event: string, ...args: unknown[]): boolean {
    const [socket] = args as [Looked];
    if (event !== 'connection' || socket[LOOKED]) return Reflect.apply(emit, this, [event, ...args]);
    socket[LOOKED] = true;
    if (!admit(socket)) return true;
    silent.add(socket);
    look(socket, (isHttp2, seen) => {
      silent.delete(socket);
      if (isHttp2) {
        // A server of HTTP/1.1 lets clients end their half alone; HTTP/2 has no use for that, and Node's session would stay.
        socket.allowHalfOpen = false;
        socket.unshift(seen);
        takeHttp2(socket);
        return;
      }
      Reflect.apply(emit, this, [event, ...args]);
      // Behind that, and as if it came only now: other listeners of the socket are to hear it, too.
      socket.push(seen);
    });
    return true;
  }

  server.emit = emitLooked as Server['emit'];
  return silent;
}

function look(socket: Socket, decided: (isHttp2: boolean, seen: Buffer) => void): void {
  let seen: Buffer | undefined;

  function onReadable(): void {
    const bytes: Buffer | null = socket.read();
    if (bytes === null) return;
    seen = seen ? Buffer.concat([seen, bytes]) : bytes;
    const length = Math.min(seen.length, PREFACE.length);
    const isBegun = seen.compare(PREFACE, 0, length, 0, length) === 0;
    if (isBegun && length < PREFACE.length) return;
    socket.off('readable', onReadable).off('end', giveUp).off('error', giveUp);
    decided(isBegun, seen);
  }

  function giveUp(): void {
    socket.destroy();
  }

  socket.on('readable', onReadable).on('end', giveUp).on('error', giveUp);
}
