import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { drive } from './publisher.mjs';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
io.on('connection', (socket) => socket.join(socket.handshake.auth.rooms ?? []));
http.listen(0, '127.0.0.1', () =>
  drive(http.address().port, (data, room) => (room ? io.to(room) : io).emit('scores', data)),
);
