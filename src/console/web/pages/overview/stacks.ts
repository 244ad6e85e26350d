/** A stack, and how one begins with it. */
interface Stack {
  readonly name: string;
  /** What the code does, in a sentence. */
  readonly does: string;
  /** @param hub the address of this hub, without a slash at its end */
  readonly code: (hub: string) => string;
}

const FROM_SERVER =
  'A request to your server publishes to this hub. To run the hub inside the same server, see examples/servers.';

/** A test runs the code of each. */
export const STACKS: readonly Stack[] = [
  {
    name: 'Browser',
    does: 'Any page, with the script that this hub serves: fallback, resume, acknowledged publishing.',
    code: (hub) => `<script src="${hub}/fanwire.js"></script>
<script>
  const client = fanwire.connect('${hub}');
  client.subscribe('scores', ({ data }) => console.log(data));
  client.publish('scores', { home: 1 });
</script>`,
  },
  {
    name: 'React',
    does: 'npm install fanwire',
    code: (hub) => `import { FanwireProvider, useChannel } from 'fanwire/react';
import { connect } from 'fanwire/client';
const client = connect('${hub}');
const Scores = () => JSON.stringify(useChannel('scores', { last: 1 }).messages.at(-1)?.data ?? null);
export const App = () => <FanwireProvider client={client}><Scores /></FanwireProvider>;`,
  },
  {
    name: 'node:http',
    does: FROM_SERVER,
    code: (hub) => `import { createServer } from 'node:http';
const headers = { 'Content-Type': 'application/json' };
const publish = (data) => fetch('${hub}/channels/scores', { method: 'POST', headers, body: JSON.stringify(data) });
const server = createServer((request, response) => publish({ home: 1 }).then(({ status }) => response.writeHead(status).end()));
server.listen(3000);`,
  },
  {
    name: 'Express',
    does: FROM_SERVER,
    code: (hub) => `import express from 'express';
const headers = { 'Content-Type': 'application/json' };
const publish = (data) => fetch('${hub}/channels/scores', { method: 'POST', headers, body: JSON.stringify(data) });
const app = express().post('/goal', async (request, response) => response.sendStatus((await publish({ home: 1 })).status));
app.listen(3000);`,
  },
  {
    name: 'Hono',
    does: FROM_SERVER,
    code: (hub) => `import { Hono } from 'hono';
const headers = { 'Content-Type': 'application/json' };
const publish = (data) => fetch('${hub}/channels/scores', { method: 'POST', headers, body: JSON.stringify(data) });
const app = new Hono().post('/goal', async (c) => c.body(null, (await publish({ home: 1 })).status));
export default app;`,
  },
  {
    name: 'Next',
    does: 'app/goal/route.js: a request to it publishes to this hub.',
    code: (hub) => `const headers = { 'Content-Type': 'application/json' };
const publish = (data) => fetch('${hub}/channels/scores', { method: 'POST', headers, body: JSON.stringify(data) });
export async function POST() {
  return new Response(null, { status: (await publish({ home: 1 })).status });
}`,
  },
  {
    name: 'curl',
    does: 'A channel is a URL. The first line reads what is there and waits for more.',
    code: (hub) => `curl -N -H 'Accept: text/event-stream' '${hub}/channels/scores?last=10' &
curl -H 'Content-Type: application/json' -d '{"home":1}' '${hub}/channels/scores'
sleep 1
curl '${hub}/channels/scores?last=1'
kill $!`,
  },
  {
    name: 'Python',
    does: 'Nothing but the standard library: publish, then ask for the newest.',
    code: (hub) => `import json, urllib.request as http
url = '${hub}/channels/scores'
request = http.Request(url, json.dumps({'home': 1}).encode(), {'Content-Type': 'application/json'})
print(json.load(http.urlopen(request))['id'])
print(json.load(http.urlopen(url + '?last=1'))['messages'][0]['data'])`,
  },
];
