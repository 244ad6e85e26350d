// Reads a channel over one transport, publishes and asks, and ends. Prints a line for each thing it was given.
import process from 'node:process';
import { connect } from 'fanwire/client';

const [transport, url, count] = process.argv.slice(2);
const print = (line) => console.log(JSON.stringify(line));
const fanwire = connect(url, {
  transports: [transport],
  pollIntervalMs: 50,
  backoffMs: { first: 50, most: 50 },
});
let left = Number(count);
await new Promise((done) => {
  const scores = fanwire.subscribe('scores', {
    onMessage({ id, data }) {
      print({ id, data });
      if (--left === 0) done();
    },
    onGap: (gap) => print({ gap }),
    onError: (error) => print({ error: String(error) }),
  });
  scores.ready.then(() => print({ position: scores.position }));
});
const { id } = await fanwire.publish('said', [transport]);
const sum = await fanwire.request('add', { a: 1, b: 2 });
fanwire.close();
if (!id || sum !== 3) print({ id, sum });
