/*
 * Event streams over HTTP/1.1, a connection each, or over HTTP/2, many on a connection, or calls of gRPC that subscribe, read by
 * the same code.
 *
 *   node streams.mjs PORT 1|2|grpc STREAMS PER-CONNECTION
 *
 * It prints {"open"} once all of them are there, and answers the line `seen NUMBER` by {"faults"} once each has been given
 * the message of that number; a stream that got one twice, out of order or not at all is a fault.
 */
import { get } from 'node:http';
import { connect } from 'node:http2';
import { createInterface } from 'node:readline';

const [, , port, wire, ...counts] = process.argv;
const [streams, perConnection] = counts.map(Number);
const PATH = '/channels/scores';
const HEADERS = { accept: 'text/event-stream' };
const CALL = {
  ':method': 'POST',
  ':path': '/fanwire.v1.Hub/Subscribe',
  'content-type': 'application/grpc',
  te: 'trailers',
};
/** A message of gRPC, not compressed, with the field `channels`. */
const SUBSCRIBE = Buffer.from([0, 0, 0, 0, 8, 0x0a, 6, ...Buffer.from('scores')]);
/** As ../servers/publisher.mjs marks a message. */
const MARK = /#(\d{8}):/g;

const last = new Array(streams).fill(-1);
let faults = 0;
let changed = () => {};

const opening = [];
for (let first = 0; first < streams; first += perConnection) {
  const session = wire !== '1' ? connect(`http://127.0.0.1:${port}`) : undefined;
  for (let index = first; index < Math.min(streams, first + perConnection); index++)
    opening.push(open(index, session));
  await Promise.all(opening.splice(0));
}
console.log(JSON.stringify({ open: streams }));

for await (const line of createInterface({ input: process.stdin })) {
  const number = Number(line.split(' ')[1]);
  while (!last.every((seen) => seen >= number)) {
    await new Promise((resolve) => {
      changed = resolve;
    });
  }
  console.log(JSON.stringify({ faults }));
}

/** Resolves at the first sign of life. */
function open(index, session) {
  return new Promise((resolve, reject) => {
    const take = (text) => {
      resolve();
      for (const [, digits] of text.matchAll(MARK)) {
        const number = Number(digits);
        if (last[index] !== -1 && number !== last[index] + 1) faults++;
        last[index] = number;
      }
      changed();
    };
    const read = (stream) => stream.setEncoding('latin1').on('data', take).on('error', reject);
    if (wire === 'grpc') read(session.request(CALL)).end(SUBSCRIBE);
    else if (session) read(session.request({ ':path': PATH, ...HEADERS }));
    else
      get({ port, host: '127.0.0.1', path: PATH, headers: HEADERS, agent: false }, read).on('error', reject);
  });
}
