// As much of MQTT 3.1.1 as publishing and subscribing need.

/** A control packet: its first byte, the remaining length in groups of seven bits (section 2.2.3), the parts. */
export function packet(first, ...parts) {
  const body = Buffer.concat(parts);
  const length = [];
  for (let left = body.length; length.length === 0 || left > 0; left >>= 7)
    length.push((left & 127) | (left > 127 ? 128 : 0));
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

export function text(string) {
  const bytes = Buffer.from(string);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

/** Level 4, a clean session, no keep-alive, and an empty id: the server gives one (section 3.1.3.1). */
export const CONNECT = packet(0x10, text('MQTT'), Buffer.from([4, 2, 0, 0]), text(''));

/** To `scores`, as packet 1, at most once. */
export const SUBSCRIBE = packet(0x82, Buffer.from([0, 1]), text('scores'), Buffer.from([0]));
