import type { Offer } from '../../../doctor/measure.ts';
import { webTransport } from '../../../doctor/probes/webtransport.ts';
import type { WireResult } from '../../../doctor/readings.ts';
import type { Target } from '../../../doctor/target.ts';

/** Not every installation has it, nor its types. */
const PACKAGE: string = '@fanwire/webtransport/client';

/** Where the package is here. */
export async function webTransportByPackage(target: Target, offer: Offer): Promise<WireResult> {
  const engine = offer && (await import(PACKAGE).catch(() => undefined));
  const missing = 'the hub offers it; npm install @fanwire/webtransport to try';
  return webTransport(target, offer, engine?.WebTransport, missing);
}
