import { useState } from 'preact/hooks';
import type { Client } from '../../../../client/index.ts';
import { CHANNEL_NAME_RULE, isChannelName } from '../../../../protocol/channel-name.ts';
import { Feed } from '../../parts/feed.tsx';
import { PublishForm } from '../../parts/publish-form.tsx';
import { hubUrl } from '../../shell/connection.ts';

/** Publish to a channel, and watch what arrives there. */
export function TryIt({ fanwire }: { fanwire: Client }) {
  const [channel, setChannel] = useState('hello');
  const [name, setName] = useState(channel);
  const valid = isChannelName(name);
  return (
    <section aria-labelledby="try-title">
      <h2 id="try-title">Try a channel</h2>
      <div class="field">
        <label for="channel">Channel</label>
        <input
          id="channel"
          value={name}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={!valid}
          aria-describedby="channel-note"
          onInput={(event) => setName(event.currentTarget.value)}
          onChange={() => valid && setChannel(name)}
        />
        <p id="channel-note" class="note">
          {valid ? '' : CHANNEL_NAME_RULE}
        </p>
      </div>
      <PublishForm fanwire={fanwire} channel={channel} />
      <Feed fanwire={fanwire} channel={channel} title={`What arrives on ${channel}`} />
      <Elsewhere channel={channel} />
    </section>
  );
}

/** The same without this page. */
function Elsewhere({ channel }: { channel: string }) {
  const url = `${hubUrl()}/channels/${channel}`;
  return (
    <details>
      <summary>The same from elsewhere</summary>
      <pre>{`# a terminal
curl -N -H 'Accept: text/event-stream' ${url}
curl --json '{"hello":"world"}' ${url}

// a browser
new EventSource('${url}').onmessage = console.log
new WebSocket('${url.replace(/^http/, 'ws')}').onmessage = console.log`}</pre>
    </details>
  );
}
