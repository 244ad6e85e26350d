import { type MiddleboxOptions, startMiddlebox } from './middlebox/middlebox.ts';
import type { Network, Place, Way } from './networks/network.ts';
import { type Node, startNodes } from './nodes.ts';
import { atPace, LIFE, type Pace } from './pace.ts';
import { type Certificates, hashOf, type Tls } from './tls.ts';

/** How a network is put up. */
export interface Setting {
  readonly pace: Pace;
  readonly tls: Tls;
  /** For any but `none`. */
  readonly certificates?: Certificates | undefined;
}

/** A hub of the lab's own, and a way to it for each of so many clients. */
export interface Scene {
  readonly nodes: readonly Node[];
  readonly ways: readonly Way[];
  /** Of the hub's certificate, if it has one. */
  readonly certificateHash: Uint8Array<ArrayBuffer> | undefined;
  close(): Promise<void>;
}

export async function setUp(
  network: Network,
  { pace, tls, certificates }: Setting,
  clients: number,
): Promise<Scene> {
  if (tls !== 'none' && !certificates) throw new Error(`tls: ${tls} takes certificates`);
  const options = { heartbeatMs: atPace(LIFE.heartbeat, pace), ...network.options?.(pace) };
  const encryption = tls === 'none' ? undefined : { pair: certificates!.hub, pace };
  const nodes = await startNodes(network.nodes, options, encryption);
  const ways: Way[] = [];
  const close = async () => {
    // Sessions of WebTransport are taken leave of: with nothing between that takes seconds.
    await Promise.all(nodes.filter(({ isUp }) => isUp).map((node) => node.kill()));
    for (const { box } of ways) box.close();
  };
  try {
    const place: Place = async ({ port, udpPort }) => {
      const box = await startMiddlebox(port, { ...boxOf(tls, certificates), udp: udpPort });
      // What it can't read it lets nobody send.
      if (tls === 'inspected') box.datagrams?.dropAll();
      return box;
    };
    while (ways.length < clients) ways.push(await network.open(nodes, pace, place));
  } catch (error) {
    await close();
    throw error;
  }
  return { nodes, ways, certificateHash: encryption && hashOf(encryption.pair), close };
}

function boxOf(tls: Tls, certificates: Certificates | undefined): MiddleboxOptions {
  if (tls === 'none') return {};
  if (tls === 'end-to-end') return { scheme: 'https' };
  const { hub, middlebox } = certificates!;
  return { scheme: 'https', inspects: { shows: middlebox, trusts: hub.cert } };
}
