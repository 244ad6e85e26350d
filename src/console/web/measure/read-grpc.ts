import { GRPC_SUBSCRIBE_PATH } from '../../endpoint-name.ts';
import { createEnvelopeReader, END_OF_STREAM, envelope } from '../connect-envelope.ts';
import { hubUrl } from '../shell/connection.ts';
import { readToken } from '../shell/operator-token.ts';
import { type Place, type ReadingListener, type ReadOnce, Refused } from './resuming.ts';

/** fanwire.v1.Event, as JSON. */
interface Event {
  readonly heartbeat?: { readonly position?: string };
  readonly gap?: object;
  readonly message?: {
    readonly id: string;
    readonly channel: string;
    readonly from?: string;
    readonly time: string;
    /** base64. */
    readonly data: string;
    readonly contentType: string;
  };
}

interface StreamEnd {
  readonly error?: { readonly code: string; readonly message?: string };
}

const REFUSALS = ['unauthenticated', 'permission_denied'];

/** Reads by a call of Subscribe by Connect, as JSON, with nothing but what browsers have. */
export const read: ReadOnce = async (channel, listener, place, signal) => {
  const token = readToken();
  const response = await fetch(listener.requesting(hubUrl() + GRPC_SUBSCRIBE_PATH), {
    method: 'POST',
    headers: {
      'Content-Type': 'application/connect+json',
      'Connect-Protocol-Version': '1',
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: envelope(JSON.stringify({ channels: [channel], after: place.position })),
    signal,
  });
  if (!response.ok) throw new Error(`the answer is ${response.status}`);
  const envelopesOf = createEnvelopeReader();
  const body = response.body!.getReader();
  let connected = false;
  for (let part = await body.read(); !part.done; part = await body.read()) {
    for (const { flags, text } of envelopesOf(part.value)) {
      if (flags & END_OF_STREAM) return ended(JSON.parse(text));
      take(JSON.parse(text), listener, place);
      // The first event says where the stream begins.
      if (!connected) listener.connected();
      connected = true;
    }
  }
  throw new Error('the answer broke off');
};

function take({ message, gap, heartbeat }: Event, listener: ReadingListener, place: Place): void {
  if (message) {
    const { data, contentType, time, ...rest } = message;
    place.position = rest.id;
    const text = new TextDecoder().decode(Uint8Array.from(atob(data), (each) => each.charCodeAt(0)));
    const value = contentType === 'application/json' ? JSON.parse(text) : text;
    listener.message({ ...rest, time: Date.parse(time), data: value });
  } else if (gap) listener.gap();
  else if (heartbeat?.position) place.position = heartbeat.position;
}

function ended({ error }: StreamEnd): void {
  if (!error) return;
  const why = error.message ?? error.code;
  throw REFUSALS.includes(error.code) ? new Refused(why) : new Error(why);
}
