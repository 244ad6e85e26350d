import type { Offer } from '../measure.ts';
import type { WireResult } from '../readings.ts';
import { newClient, type Target } from '../target.ts';

/** The browser's, or what stands in for it. */
export type WebTransportEngine = typeof globalThis.WebTransport;

/**
 * Opens the SDK's endpoint over QUIC, where the hub offers it: UDP passes or it does not.
 * @param missing why there is none, in words
 */
export async function webTransport(
  target: Target,
  offer: Offer,
  Engine: WebTransportEngine | undefined,
  missing: string,
): Promise<WireResult> {
  if (!offer) return { state: 'not tried', why: 'the hub does not offer it' };
  if (!Engine) return { state: 'not tried', why: missing };
  const url = offer.url ?? `${target.url.replace(/^http:/, 'https:')}/connect`;
  const serverCertificateHashes = (offer.certificateHashes ?? []).map((hash) => ({
    algorithm: 'sha-256',
    value: Uint8Array.from(atob(hash), (char) => char.charCodeAt(0)),
  }));
  const began = performance.now();
  const passed = () => performance.now() - began;
  const session = new Engine(url, { serverCertificateHashes });
  session.closed.catch(() => {});
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no answer within ${target.patienceMs / 1000} s: mostly UDP is blocked`);
    timer = setTimeout(reject, target.patienceMs, error);
  });
  try {
    await Promise.race([session.ready, late]);
    const { readable, writable } = await session.createBidirectionalStream();
    const hello = { hello: { client: newClient(), token: target.token } };
    await writable.getWriter().write(new TextEncoder().encode(`${JSON.stringify(hello)}\n`));
    const firstByteMs = passed();
    const { value } = await Promise.race([readable.getReader().read(), late]);
    if (!new TextDecoder().decode(value).includes('"welcome"'))
      throw new Error('an answer that is no welcome');
    return { state: 'proved', firstByteMs, provedMs: passed() };
  } catch (error) {
    const detail = (error as Error).message;
    return { state: 'failed', failure: { by: 'network', cause: 'mute', detail }, afterMs: passed() };
  } finally {
    clearTimeout(timer);
    session.close();
  }
}
