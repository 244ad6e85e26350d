import { type ClientHttp2Session, connect } from 'node:http2';
import { Failed, failureIn } from '../../../doctor/ask.ts';
import type { WireResult } from '../../../doctor/readings.ts';
import { newClient, type Target } from '../../../doctor/target.ts';
import { failureOfError } from '../request.ts';

/** The WebSocket of a browser over HTTP/2: a stream that extended CONNECT opens (RFC 8441). */
export async function extendedConnect(target: Target, trusted: boolean): Promise<WireResult> {
  const url = new URL(`${target.url}/connect`);
  const session = connect(url.origin, { rejectUnauthorized: trusted });
  const began = performance.now();
  try {
    if (!(await offersWebSockets(session, target.patienceMs))) {
      return { state: 'not tried', why: 'HTTP/2 is spoken, and WebSockets over it are not offered' };
    }
    await answered(session, url, target);
    const ms = performance.now() - began;
    return { state: 'proved', firstByteMs: ms, provedMs: ms };
  } catch (error) {
    return { state: 'failed', failure: failureIn(error), afterMs: performance.now() - began };
  } finally {
    session.destroy();
  }
}

function offersWebSockets(session: ClientHttp2Session, withinMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    session.setTimeout(withinMs, () => reject(new Failed(mute(withinMs))));
    session.on('remoteSettings', (settings) => resolve(settings.enableConnectProtocol === true));
    session.on('error', (error) => reject(new Failed(failureOfError(error))));
    session.on('close', () =>
      reject(new Failed({ by: 'network', cause: 'cut', detail: 'the connection ended' })),
    );
  });
}

/** Resolves with the hub's answer to a hello. */
function answered(session: ClientHttp2Session, url: URL, { token, patienceMs }: Target): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (failure: Failed['failure']) => reject(new Failed(failure));
    const stream = session.request(
      {
        ':method': 'CONNECT',
        ':protocol': 'websocket',
        ':scheme': 'https',
        ':authority': url.host,
        ':path': `${url.pathname}${url.search}`,
        'sec-websocket-version': '13',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      { endStream: false },
    );
    stream.setTimeout(patienceMs, () => fail(mute(patienceMs)));
    stream.on('response', ({ ':status': status }) => {
      if (status === 200) stream.write(textFrame(JSON.stringify({ hello: { client: newClient() } })));
      else fail({ by: 'network', cause: 'refused', detail: `answer ${status}`, status: status! });
    });
    let received = '';
    stream.on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1');
      if (received.includes('"welcome"')) resolve();
    });
    stream.on('error', (error) => fail(failureOfError(error)));
    stream.on('close', () => fail({ by: 'network', cause: 'cut', detail: 'the stream ended' }));
  });
}

function mute(withinMs: number) {
  return { by: 'network', cause: 'mute', detail: `no answer within ${withinMs / 1000} s` } as const;
}

/** A short text as a client's frame (RFC 6455 section 5.2), masked with nothing. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.of(0x81, 0x80 | payload.length, 0, 0, 0, 0), payload]);
}
