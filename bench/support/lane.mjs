import { connect } from 'node:net';

/** A connection that sends a request and gives its answer, by Content-Length. */
export class Lane {
  #socket;
  #text = '';
  #answered;

  static async open(port) {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Lane(socket.setNoDelay());
  }

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', (data) => this.#take(data.toString('latin1')));
  }

  #take(text) {
    this.#text += text;
    const end = this.#text.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#text)?.[1] ?? 0);
    if (this.#text.length < end + 4 + length) return;
    const answer = this.#text;
    this.#text = '';
    this.#answered(answer);
  }

  ask(request) {
    this.#socket.write(request);
    return new Promise((resolve) => {
      this.#answered = resolve;
    });
  }

  close() {
    this.#socket.destroy();
  }
}
