import { useState } from 'preact/hooks';
import { ENDPOINT_NAMES } from '../../../endpoint-name.ts';
import { INSPECTED_CHANNEL } from '../../../inspector/wire-record.ts';
import { ENDPOINTS, wireFacts } from '../../endpoints.ts';
import { isServed } from '../../shell/connection.ts';
import { READABLE } from './readable.ts';
import type { InspectedName } from './transports.ts';

/** A size for each way in which a WebSocket frame's length is written. */
const SIZES = [
  { bytes: undefined, label: 'As typed' },
  { bytes: 300, label: '300 bytes' },
  { bytes: 70_000, label: '70,000 bytes' },
] as const;

const UNSERVED = ENDPOINT_NAMES.filter((name) => !isServed(name)).map((name) => ENDPOINTS[name]);

interface ControlsProps {
  /** Whether the hub records. */
  readonly ready: boolean;
  readonly transport: InspectedName;
  readonly isReading: boolean;
  readonly note: string;
  readonly onTransport: (transport: InspectedName) => void;
  readonly onRead: (reads: boolean) => void;
  readonly onCut: () => void;
  readonly onPublish: (text: string) => void;
}

/** How this page reads the channel, and what it publishes. */
export function Controls(props: ControlsProps) {
  const { ready, transport, isReading, note } = props;
  const [text, setText] = useState('{"hello":"world"}');
  const [size, setSize] = useState<number>();
  return (
    <section aria-labelledby="read-title">
      <h2 id="read-title">
        One connection, byte by byte{' '}
        <small>
          recorded by the hub from the sockets of this page; the browser’s own <code>fetch</code>,{' '}
          <code>EventSource</code> and <code>WebSocket</code> read <code>{INSPECTED_CHANNEL}</code>
        </small>
      </h2>
      <div class="reading-row">
        <fieldset class="choice">
          <legend>Read it by</legend>
          {READABLE.map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="inspected"
                checked={name === transport}
                onChange={() => props.onTransport(name)}
              />
              <span>{wireFacts(name).label}</span>
            </label>
          ))}
        </fieldset>
        <div class="buttons">
          <button type="button" disabled={!ready} onClick={() => props.onRead(!isReading)}>
            {isReading ? 'Stop' : 'Start'}
          </button>
          <button
            type="button"
            class="second"
            disabled={!isReading}
            title="The hub closes the connection, as a network that fails would"
            onClick={props.onCut}
          >
            Cut
          </button>
        </div>
      </div>
      {UNSERVED.map(({ label, option }) => (
        <p key={label} class="note">
          {label} is not served by this hub: <code>fanwire serve {option}</code> does.
        </p>
      ))}
      <form
        class="publishing"
        onSubmit={(event) => {
          event.preventDefault();
          props.onPublish(size === undefined ? text : JSON.stringify('x'.repeat(size - 2)));
        }}
      >
        <div class="message">
          <label for="message">Message</label>
          <input
            id="message"
            value={text}
            disabled={size !== undefined}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
        <fieldset class="choice">
          <legend>Its size</legend>
          {SIZES.map(({ bytes, label }) => (
            <label key={label}>
              <input type="radio" name="size" checked={bytes === size} onChange={() => setSize(bytes)} />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
        <button type="submit" disabled={!ready}>
          Publish
        </button>
      </form>
      <p class="note" role="status">
        {note || (ready ? 'Start reading, then publish something.' : 'Asking the hub to record …')}
      </p>
    </section>
  );
}
