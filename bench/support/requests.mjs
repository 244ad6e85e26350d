// The bytes with which subscribers ask.

/** The head of a GET, once the port is known. */
export const get =
  (path, headers = {}) =>
  (port) => {
    const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  };

export const upgrade = (path, headers = {}) =>
  get(path, {
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...headers,
  });

/** A short text frame, masked, as a client sends it. The mask of zeros lets {key} be seen in it. */
export function clientFrame(text, mask = [1, 2, 3, 4]) {
  const length = text.length > 125 ? [0xfe, text.length >> 8, text.length & 255] : [0x80 | text.length];
  const payload = Buffer.from(text).map((byte, index) => byte ^ mask[index % 4]);
  return Buffer.concat([Buffer.from([0x81, ...length, ...mask]), payload]);
}

/** The same as a server sends it. */
export function serverFrame(text) {
  return Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);
}
