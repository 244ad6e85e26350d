// For contestants that are programs of their own: starts one, sees that it ends with us, and finds a free port for it.
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** @returns the process, once it accepts connections at the port */
export async function startProgram(command, args, port) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  child.once('exit', (code) => {
    console.error(`${command} ended with ${code}`);
    process.exit(1);
  });
  process.once('exit', () => child.kill());
  while (!(await accepts(port))) await delay(20);
  return child;
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
