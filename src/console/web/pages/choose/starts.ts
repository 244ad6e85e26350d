import type { TransportName } from '../../../../client/index.ts';

/** Code to start with, for a page that is served beside the hub: it needs no library. A test runs each. */
export function startOf(transport: TransportName, channel: string): string {
  const url = `/channels/${channel}`;
  switch (transport) {
    case 'websocket':
      return `const socket = new WebSocket('${url}');
socket.onmessage = (event) => {
  const frame = JSON.parse(event.data);
  // Others are heartbeats, and acknowledgements of what we sent.
  if (frame.id) show(frame.data);
};
socket.onopen = () => socket.send('{"hello":"both ways"}');`;
    case 'sse':
      return `const source = new EventSource('${url}');
source.onmessage = (event) => show(JSON.parse(event.data));`;
    case 'http-streaming':
      return `const headers = { Accept: 'application/x-ndjson' };
const { body } = await fetch('${url}', { headers });
let rest = '';
for await (const text of body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  // An empty line is a heartbeat.
  for (const line of lines.filter(Boolean)) show(JSON.parse(line).data);
}`;
    case 'long-polling':
      return `let after = 'now';
for (;;) {
  const answer = await fetch(\`${url}?wait=30&after=\${after}\`);
  const { messages, position } = await answer.json();
  messages.forEach((message) => show(message.data));
  after = position;
}`;
    case 'polling':
      return `let after = 'now';
setInterval(async () => {
  const answer = await fetch(\`${url}?after=\${after}\`);
  const { messages, position } = await answer.json();
  messages.forEach((message) => show(message.data));
  after = position;
}, 5000);`;
  }
}

/** The same with the SDK, which falls back where a network blocks the transport. */
export function sdkStart(channel: string): string {
  return `import { connect } from 'fanwire/client';
const fanwire = connect('/');
fanwire.subscribe('${channel}', (message) => show(message.data));`;
}
