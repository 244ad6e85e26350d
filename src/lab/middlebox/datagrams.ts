import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** What a middlebox does with UDP. Like a NAT it gives each client a port of its own before the target: a flow. */
export interface Datagrams {
  readonly port: number;
  /** Tells the target's port, for a flow that begins. */
  route: () => number;
  /** So many milliseconds after the last packet a flow is forgotten. Default: never. */
  forgetAfterMs: number | undefined;
  /** Told of each flow that was forgotten so. */
  onForgotten: () => void;
  /** How many packets clients have sent. */
  readonly received: number;
  /** Drops every packet from now on, and tells nobody. Returns what ends it. */
  dropAll(): () => void;
  /** Forgets every flow: what the target sends to it is lost, and what its client sends begins another. */
  forgetAll(): void;
  /** What is sent waits. Returns what ends it. */
  holdAll(): () => void;
  close(): void;
}

interface Flow {
  send(packet: Buffer): void;
  forget(): void;
}

/**
 * Listens at a port of loopback.
 * @param port 0 for any
 * @param from tells the address that the target sees, for a flow that begins
 * @throws (rejects) what the system says where the port is taken
 */
export async function startDatagrams(
  port: number,
  target: number,
  from: () => string | undefined,
): Promise<Datagrams> {
  const front = createSocket('udp4');
  front.bind(port, '127.0.0.1');
  await once(front, 'listening');
  front.on('error', () => {});
  /** By the client's port. */
  const flows = new Map<number, Flow>();
  let received = 0;
  let drops = 0;
  let held: (() => void)[] | undefined;

  function pass(send: () => void): void {
    if (drops > 0) return;
    if (held) held.push(send);
    else send();
  }

  function begin(client: number): Flow {
    const to = datagrams.route();
    const inside: Socket = createSocket('udp4').on('error', () => {});
    let timer: NodeJS.Timeout | undefined;
    const isOpen = () => flows.get(client) === flow;
    const flow: Flow = {
      send(packet) {
        passed();
        pass(() => isOpen() && inside.send(packet, to, '127.0.0.1', () => {}));
      },
      forget() {
        clearTimeout(timer);
        flows.delete(client);
        inside.close();
      },
    };
    const passed = () => {
      clearTimeout(timer);
      const { forgetAfterMs } = datagrams;
      if (forgetAfterMs === undefined) return;
      timer = setTimeout(() => {
        flow.forget();
        datagrams.onForgotten();
      }, forgetAfterMs);
    };
    inside.on('message', (packet) => {
      passed();
      pass(() => isOpen() && front.send(packet, client, '127.0.0.1', () => {}));
    });
    inside.bind(0, from());
    flows.set(client, flow);
    return flow;
  }

  front.on('message', (packet, { port: client }) => {
    received++;
    (flows.get(client) ?? begin(client)).send(packet);
  });

  const datagrams: Datagrams = {
    port: front.address().port,
    route: () => target,
    forgetAfterMs: undefined,
    onForgotten: () => {},
    get received() {
      return received;
    },
    dropAll() {
      drops++;
      return () => {
        drops--;
      };
    },
    forgetAll() {
      for (const { forget } of [...flows.values()]) forget();
    },
    holdAll() {
      held = [];
      return () => {
        const sends = held ?? [];
        held = undefined;
        for (const send of sends) send();
      };
    },
    close() {
      datagrams.forgetAll();
      front.close();
    },
  };
  return datagrams;
}
