import type { Offer } from '../../../doctor/measure.ts';
import type { WireResult } from '../../../doctor/readings.ts';
import { newClient, type Target } from '../../../doctor/target.ts';

/** Not every installation has it, nor its types. */
const PACKAGE: string = '@fanwire/webtransport/client';

/** Opens the SDK's endpoint over QUIC, where the hub offers it and the package is here: UDP passes or it does not. */
export async function webTransport(target: Target, offer: Offer): Promise<WireResult> {
  if (!offer) return { state: 'not tried', why: 'the hub does not offer it' };
  const engine = await import(PACKAGE).catch(() => undefined);
  if (!engine)
    return { state: 'not tried', why: 'the hub offers it; npm install @fanwire/webtransport to try' };
  const url = offer.url ?? `${target.url.replace(/^http:/, 'https:')}/connect`;
  const serverCertificateHashes = (offer.certificateHashes ?? []).map((hash) => ({
    algorithm: 'sha-256',
    value: Buffer.from(hash, 'base64'),
  }));
  const began = performance.now();
  const passed = () => performance.now() - began;
  const session = new engine.WebTransport(url, { serverCertificateHashes });
  session.closed.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
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
