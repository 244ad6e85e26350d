import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send } from '../../test/support/http.ts';
import { publishAll, startHub } from '../../test/support/hub.ts';
import { trickle } from '../../test/support/proxy/faults.ts';
import { startProxy } from '../../test/support/proxy/proxy.ts';
import { takeMessages } from '../../test/support/readers/reader.ts';
import { TCP_TRANSPORTS } from './transports.ts';

/** One, two, three and four bytes a character, a byte order mark, line separators, and control characters. */
const AWKWARD = 'aé€😀 \ufeff\u2028\u2029\u0085 \0\t\r\n\u001f "\\ 𝄞נ e\u0301 👩‍👩‍👧';

for (const { name, open } of TCP_TRANSPORTS) {
  test(`${name}: text survives a network that delivers it byte by byte`, async (t) => {
    const { hub, port } = await startHub(t);
    const proxy = await startProxy(t, port);
    proxy.use(trickle);
    const values = [AWKWARD, { [AWKWARD]: AWKWARD }];
    await publishAll(hub, 'text', [values[0]]);
    const reader = await open(proxy.url, { channels: ['text'], after: 'start' });
    await publishAll(hub, 'text', [values[1]]);
    const messages = await takeMessages(reader, 2);
    reader.close();
    assert.deepEqual(
      messages.map(({ data }) => data),
      values,
    );
  });

  test(`${name}: plain text arrives as it was sent, line by line`, async (t) => {
    const { url } = await startHub(t);
    const text = '\n first line\n\nüñ😀: third\n data: x\n';
    const reader = await open(url, { channels: ['text'], after: 'now' });
    const { status } = await send(`${url}/channels/text`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: text,
    });
    assert.equal(status, 201);
    const [message] = await takeMessages(reader, 1);
    reader.close();
    assert.equal(message?.data, text);
  });
}
