import type { AddressInfo } from 'node:net';

/**
 * Begins to listen over TCP, and at the port of UDP that has the same number. Where the port is given UDP comes first: a client
 * is told of WebTransport as it is welcomed, and not again.
 * @param port 0 for one that nobody knows yet
 * @param overUdp undefined where UDP is not served; what it resolves with is closed if TCP fails
 */
export async function listenAtBoth(
  port: number,
  overTcp: () => Promise<AddressInfo>,
  overUdp: ((port: number) => Promise<{ close(): Promise<void> }>) | undefined,
): Promise<AddressInfo> {
  const early = port === 0 ? undefined : await overUdp?.(port);
  let address: AddressInfo;
  try {
    address = await overTcp();
  } catch (error) {
    await early?.close();
    throw error;
  }
  if (!early) await overUdp?.(address.port);
  return address;
}
