import { type IncomingMessage, ServerResponse } from 'node:http';

/** The only answer on a socket: whatever it is, the connection ends with it. */
export class SoleResponse extends ServerResponse {
  constructor(request: IncomingMessage) {
    super(request);
    this.shouldKeepAlive = false;
    const { socket } = request;
    // Nobody else listens, and a reset must not end the process.
    socket.on('error', ignore);
    this.assignSocket(socket);
    this.on('finish', endSocket);
  }
}

function ignore(): void {}

function endSocket(this: ServerResponse): void {
  this.socket?.destroySoon();
}
