// Publishes by HTTP over one connection, a request at a time: what has gathered meanwhile goes in the next.
import { Agent, request } from 'node:http';

/**
 * @param {string} url
 * @param {{type: string, bodyOf?: (payloads: string[]) => string}} options without `bodyOf` each payload is a request
 * @returns {(payload: string) => Promise<string>} resolves with the answer's body
 */
export function poster(url, { type, bodyOf }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const waiting = [];
  let sending = false;

  async function send() {
    sending = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, bodyOf ? 1000 : 1);
      const payloads = batch.map(({ payload }) => payload);
      const answer = await post(bodyOf ? bodyOf(payloads) : payloads[0]);
      for (const { resolve } of batch) resolve(answer);
    }
    sending = false;
  }

  function post(body) {
    return new Promise((resolve, reject) => {
      const headers = { 'Content-Type': type, 'Content-Length': body.length };
      const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => (text += part));
        response.on('end', () => {
          if (response.statusCode < 300) resolve(text);
          else reject(new Error(`${url} answered ${response.statusCode}: ${text}`));
        });
      });
      outgoing.on('error', reject).end(body);
    });
  }

  return (payload) =>
    new Promise((resolve) => {
      waiting.push({ payload, resolve });
      if (!sending) send();
    });
}
