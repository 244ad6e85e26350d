import { useState } from 'preact/hooks';

/** What a page can send that is worth a look. */
export const SENT = {
  message: { label: 'A message', data: '{"home":1}', type: undefined },
  typed: { label: 'A typed event', data: '{"home":2}', type: 'goal' },
  binary: { label: 'Bytes', data: Uint8Array.of(0xca, 0xfe, 0xba, 0xbe), type: undefined },
} as const;

export type SentName = keyof typeof SENT;

const NAMES = Object.keys(SENT) as SentName[];

interface SendPanelProps {
  readonly ready: boolean;
  /** Whether pings can be sent over this wire. */
  readonly pings: boolean;
  readonly note: string;
  readonly onSend: (name: SentName) => void;
  readonly onPing: () => void;
}

/** Sends something of one's own over the wire that is looked at. */
export function SendPanel({ ready, pings, note, onSend, onPing }: SendPanelProps) {
  const [name, setName] = useState<SentName>('typed');
  return (
    <section class="sending" aria-labelledby="sending-title">
      <h3 id="sending-title">Send something of your own</h3>
      <div class="sending-row">
        <fieldset class="choice">
          <legend class="unseen">What to send</legend>
          {NAMES.map((each) => (
            <label key={each}>
              <input type="radio" name="sent" checked={each === name} onChange={() => setName(each)} />
              <span>{SENT[each].label}</span>
            </label>
          ))}
        </fieldset>
        <button type="button" class="plain" disabled={!ready} onClick={() => onSend(name)}>
          Send it
        </button>
        <button type="button" class="plain" disabled={!ready || !pings} onClick={onPing}>
          Ask for a ping
        </button>
      </div>
      <p class="note">
        {name === 'typed' ? (
          <>
            <code>{SENT.typed.data}</code> of type <code>{SENT.typed.type}</code>, by <code>POST ?type=</code>
            . Its type is a line of an event stream, and a member of JSON elsewhere.
          </>
        ) : name === 'binary' ? (
          <>
            Four bytes, <code>ca fe ba be</code>. Only a WebSocket carries them as they are.
          </>
        ) : (
          <code>{SENT.message.data}</code>
        )}
        {!pings && ' Only a WebSocket has pings.'}
      </p>
      <p class="note" role="status">
        {note}
      </p>
    </section>
  );
}
