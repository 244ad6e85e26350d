/** How messages reach clients. Long polling is left out: what it costs depends on how often its clients are answered. */
export type CapacityTransport = 'websocket' | 'sse' | 'http-streaming';
export type CapacityLog = 'redis' | 'nats';

/** What was read on one machine. All times are CPU of the processes named, user and system together. */
export interface CapacityFigures {
  /** When, and on what. */
  readonly read: string;
  /**
   * What each reader is given a message for, its share of the message's own cost with it, by how many readers of it a process has, in µs; from
   * few to many. To reach one cold socket costs several times as much as the next of a thousand.
   */
  readonly deliveryUs: readonly { readonly readers: number; readonly us: number }[];
  /** A delivery as a multiple of one by WebSocket. */
  readonly factor: Readonly<Record<CapacityTransport, number>>;
  /** What stands around a payload on the wire, in bytes, without TCP and IP. */
  readonly envelopeBytes: Readonly<Record<CapacityTransport, number>>;
  /** An idle connection, in kB of the process. */
  readonly connectionKB: Readonly<Record<CapacityTransport, number>>;
  /** The kernel's memory for an idle connection, in kB: none of the process's, all of the machine's. */
  readonly kernelKB: number;
  /** A message that a node is given over HTTP, one a request, in µs. */
  readonly publishUs: number;
  /** A message through the log, in µs of CPU of all processes that are part of it, of which one is a node. */
  readonly logUs: Readonly<Record<CapacityLog, number>>;
  /** Messages a second that one server of the log took from three nodes. */
  readonly logRate: Readonly<Record<CapacityLog, number>>;
}

/** What is asked of a deployment. */
export interface Load {
  /** Connected at once. */
  readonly users: number;
  readonly transport: CapacityTransport;
  /** How many of them read a channel, on average. More than there are users is all of them. */
  readonly readersPerChannel: number;
  /** Of one channel, on average over the busiest minutes. */
  readonly messagesPerSecond: number;
  /** Of a message's payload. */
  readonly bytes: number;
  readonly log: CapacityLog;
}

/** What can be had. */
export interface Machine {
  readonly cores: number;
  readonly memoryGB: number;
  /** A month of it. */
  readonly price: number;
  /** How much of its processors may be in use in the busiest minutes: what is left takes a lost node's clients. */
  readonly utilisation: number;
  /** A GB that leaves for the internet. */
  readonly pricePerGB: number;
}

export interface Capacity {
  readonly deliveriesPerSecond: number;
  readonly publishesPerSecond: number;
  /** Of all nodes together, in cores: what each part of the work takes. */
  readonly cores: {
    readonly deliveries: number;
    readonly publishes: number;
    readonly log: number;
  };
  /** Of connections. */
  readonly memoryGB: number;
  /** Machines for nodes; two at least, so that one may go. */
  readonly nodes: number;
  /** What their number follows from. */
  readonly bound: 'cores' | 'memory' | 'two';
  /** Servers of the log, each as busy as it was measured at most. One that is shared by all is one: see `logIsEnough`. */
  readonly logServers: number;
  readonly bitsPerSecond: number;
  /** A month. */
  readonly price: { readonly nodes: number; readonly log: number; readonly traffic: number };
}

/** A load that was put on one node, and what the model said of it. */
export interface Check {
  readonly users: number;
  readonly channels: number;
  /** Of one channel. */
  readonly messagesPerSecond: number;
  /** In cores. */
  readonly measured: number;
  readonly predicted: number;
}

const SECONDS_A_MONTH = 30 * 24 * 3600;
/** Code, log and what else a process has before anybody is connected. */
const PROCESS_GB = 0.15;
/** Of a machine's memory that is left to others. */
const MEMORY_SHARE = 0.8;
/** Headers of TCP and IP of a message that fits one segment, with time stamps, and its acknowledgement the other way not counted. */
const SEGMENT_BYTES = 52;
const MTU_PAYLOAD = 1448;
const LEAST_NODES = 2;
/** More than it takes to settle: each step adds less than the one before. */
const ROUNDS = 50;

/**
 * What so many users with such a load need, worked out from what was measured at the sizes that fit one machine. A model: beyond these sizes nobody has
 * looked. It takes each message for a write of its own, where the hub joins what a tick brings, and the busiest minutes for
 * all of the month's traffic.
 */
export function capacityOf(figures: CapacityFigures, load: Load, machine: Machine): Capacity {
  const { users, transport, messagesPerSecond, bytes, log } = load;
  const readersPerChannel = Math.min(load.readersPerChannel, users);
  const channels = users / readersPerChannel;
  const publishesPerSecond = channels * messagesPerSecond;
  const deliveriesPerSecond = users * messagesPerSecond;
  const memoryGB = (users * (figures.connectionKB[transport] + figures.kernelKB)) / 1024 ** 2;

  const publishes = (publishesPerSecond * figures.publishUs) / 1e6;
  const logCores = (publishesPerSecond * figures.logUs[log]) / 1e6;
  // Processes, one a core that is needed. The more of them there are, the fewer of a channel's readers each has, and the dearer they are.
  let processes = 1;
  let deliveries = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const us = deliveryUs(figures, readersPerChannel / reached(processes, readersPerChannel));
    deliveries = (deliveriesPerSecond * us * figures.factor[transport]) / 1e6;
    const needed = Math.max(1, Math.ceil((deliveries + publishes) / machine.utilisation));
    if (needed <= processes) break;
    processes = needed;
  }

  const byCores = Math.ceil(processes / machine.cores);
  const byMemory = Math.ceil((memoryGB + processes * PROCESS_GB) / (machine.memoryGB * MEMORY_SHARE));
  const nodes = Math.max(LEAST_NODES, byCores, byMemory);
  const bound = nodes === byCores ? 'cores' : nodes === byMemory ? 'memory' : 'two';
  const logServers = Math.max(1, Math.ceil(publishesPerSecond / figures.logRate[log]));
  const wire = bytes + figures.envelopeBytes[transport];
  const bitsPerSecond = deliveriesPerSecond * 8 * (wire + Math.ceil(wire / MTU_PAYLOAD) * SEGMENT_BYTES);
  return {
    deliveriesPerSecond,
    publishesPerSecond,
    cores: { deliveries, publishes, log: logCores },
    memoryGB,
    nodes,
    bound,
    logServers,
    bitsPerSecond,
    price: {
      nodes: nodes * machine.price,
      log: logServers * machine.price,
      traffic: ((bitsPerSecond / 8) * SECONDS_A_MONTH * machine.pricePerGB) / 1e9,
    },
  };
}

/** Between two readings on a straight line over the logarithm of their readers; beyond them as the nearest. */
function deliveryUs({ deliveryUs: readings }: CapacityFigures, readers: number): number {
  let [below] = readings;
  for (const above of readings) {
    if (readers <= above.readers) {
      if (above === below) return above.us;
      const share = Math.log(readers / below!.readers) / Math.log(above.readers / below!.readers);
      return below!.us + share * (above.us - below!.us);
    }
    below = above;
  }
  return below!.us;
}

/** How many of so many processes have one of a channel's readers at least, where chance brings each to one of them. */
function reached(processes: number, readers: number): number {
  return processes * (1 - (1 - 1 / processes) ** readers);
}
