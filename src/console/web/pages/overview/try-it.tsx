import { useEffect, useRef, useState } from 'preact/hooks';
import type { Client } from '../../../../client/index.ts';
import { CHANNEL_NAME_RULE, isChannelName } from '../../../../protocol/channel-name.ts';
import type { Message } from '../../../../protocol/message.ts';
import { hubUrl, sentenceOf } from '../../shell/connection.ts';

const SHOWN = 50;

/** Publish to a channel, and watch what arrives there. */
export function TryIt({ fanwire }: { fanwire: Client }) {
  const [channel, setChannel] = useState('hello');
  const [name, setName] = useState(channel);
  const valid = isChannelName(name);
  return (
    <section class="try" aria-labelledby="try-title">
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
      <Publish fanwire={fanwire} channel={channel} />
      <Feed fanwire={fanwire} channel={channel} />
      <Elsewhere channel={channel} />
    </section>
  );
}

interface ChannelProps {
  readonly fanwire: Client;
  readonly channel: string;
}

function Publish({ fanwire, channel }: ChannelProps) {
  const [kind, setKind] = useState<'JSON' | 'Text'>('JSON');
  const [text, setText] = useState('{ "hello": "world" }');
  const [note, setNote] = useState<{ fault: boolean; sentence: string }>();
  const field = useRef<HTMLTextAreaElement>(null);

  const publish = async () => {
    try {
      const { id } = await fanwire.publish(channel, kind === 'JSON' ? JSON.parse(text) : text);
      setNote({ fault: false, sentence: `In the log as ${id}` });
    } catch (error) {
      setNote({ fault: true, sentence: sentenceOf(error) });
      field.current?.focus();
    }
  };

  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
    >
      <label for="data">Message</label>
      <textarea
        id="data"
        ref={field}
        rows={3}
        value={text}
        spellcheck={false}
        aria-invalid={note?.fault ?? false}
        aria-describedby="publish-note"
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void publish();
        }}
      />
      <div class="actions">
        <fieldset class="choice">
          <legend class="unseen">The message is</legend>
          {(['JSON', 'Text'] as const).map((each) => (
            <label key={each}>
              <input type="radio" name="kind" checked={each === kind} onChange={() => setKind(each)} />
              <span>{each}</span>
            </label>
          ))}
        </fieldset>
        <p id="publish-note" class={note?.fault ? 'note fault' : 'note'} role="status">
          {note?.sentence}
        </p>
        <button type="submit">Publish</button>
      </div>
    </form>
  );
}

function Feed({ fanwire, channel }: ChannelProps) {
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    setMessages([]);
    setFault(undefined);
    const subscription = fanwire.subscribe(channel, {
      last: SHOWN,
      onMessage: (message) => setMessages((before) => [message, ...before].slice(0, SHOWN)),
      onError: (error) => setFault(sentenceOf(error)),
    });
    return () => subscription.close();
  }, [fanwire, channel]);

  return (
    <div class="field">
      <h3 id="feed-title">
        What arrives on <code>{channel}</code>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
      <ol class="feed" aria-labelledby="feed-title" aria-live="polite" tabIndex={0}>
        {messages.map(({ id, time, type, data }) => (
          <li key={id}>
            <time dateTime={new Date(time).toISOString()} title={id}>
              {new Date(time).toLocaleTimeString()}
            </time>
            {type && <b>{type}</b>}
            <code>{typeof data === 'string' ? data : JSON.stringify(data)}</code>
          </li>
        ))}
        {messages.length === 0 && <li class="empty">{fault ?? 'Nothing yet. Publish something above.'}</li>}
      </ol>
    </div>
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
