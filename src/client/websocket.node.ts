import { WebSocket } from 'ws';
import type { OpenSocket } from './environment.ts';
import type { HttpAnswer } from './failure.ts';

const MAX_PROBLEM_BYTES = 64 * 1024;

/**
 * Node 20 has no WebSocket, and the one of later versions hides why an upgrade failed; `ws` shows the answer.
 */
export const openSocket: OpenSocket = (url, refused, headers) => {
  const socket = new WebSocket(url, { perMessageDeflate: false, headers });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // Without a code, or with one of the parser's, something answered, but not with a handshake. Of an open socket the close
    // event says more.
    const answered = !error.code || error.code.startsWith('HPE_');
    if (!answered && socket.readyState !== WebSocket.OPEN) refused(null);
  });
  socket.on('unexpected-response', (request, response) => {
    let body = '';
    const tell = () => {
      const answer: HttpAnswer = {
        status: response.statusCode ?? 0,
        contentType: response.headers['content-type'],
        retryAfter: response.headers['retry-after'],
        body,
      };
      refused(answer);
      request.destroy();
    };
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      body += text;
      if (body.length > MAX_PROBLEM_BYTES) request.destroy();
    });
    response.on('close', tell);
  });
  return socket;
};
