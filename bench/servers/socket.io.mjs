import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { drive } from './publisher.mjs';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
http.listen(0, '127.0.0.1', () => drive(http.address().port, (data) => io.emit('scores', data)));
