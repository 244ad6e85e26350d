// One server with its subscribers, from their start to their end; what they got is checked.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { compile } from './compile.mjs';
import { SCRATCH } from './paths.mjs';
import { Child, CPUS, cpuOf } from './process.mjs';

const LOST_MS = 20_000;
let files = 0;

/**
 * @param {object} contestant of contestants.mjs
 * @param {{pinned?: boolean}} options unpinned, server and load run wherever there is room
 */
export async function startServer(contestant, { pinned = true } = {}) {
  const server = new Child(pinned ? CPUS.server : undefined, ...contestant.command());
  const { port, pid } = await server.next();
  // Of a program that is driven from outside only itself is counted.
  return Object.assign(server, { port, served: pid ?? server.pid });
}

/** So many subscribers of one server, in a process of their own. */
export class Subscribers {
  static async open(contestant, server, count, { pinned = true, hashed = false, groups, receiveBytes } = {}) {
    const { request, followUp, ping, pong } = contestant;
    const given = [
      ['r', request(server.port)],
      ['f', followUp?.(server.port)],
      ...[ping].flat().map((one) => ['i', one]),
      ['o', pong],
    ];
    const args = given
      .filter(([, bytes]) => bytes !== undefined)
      .map(([letter, bytes]) => `-${letter}${writeBytes(bytes)}`);
    if (groups) args.push(`-k${groups}`);
    if (hashed) args.push('-s');
    if (receiveBytes) args.push(`-b${receiveBytes}`);
    args.push(`-p${server.port}`, `-n${count}`);
    const child = new Child(pinned ? CPUS.load : undefined, compile('load/subscribers.c'), args);
    await child.next();
    return new Subscribers(contestant, server, child, count);
  }

  constructor(contestant, server, child, count) {
    Object.assign(this, { contestant, server, child, count });
  }

  /** Publishes a little, until every subscriber is known to be one and the code of the server is warm. */
  async warmUp(work = 'ticks 50 1 10000') {
    await this.child.ask('reset');
    const { last } = await this.server.ask(work);
    const { behind } = await this.settled(last);
    if (behind !== last) throw new Error(`${this.contestant.name}: some subscribers get nothing`);
  }

  /**
   * Has the server do something and gives what each of so many messages cost, once all of them are there.
   * @param lostMs as for `until`
   * @throws Error when a subscriber missed one, got one twice or out of order
   */
  async cost(messages, work, lostMs) {
    await this.child.ask('reset');
    const serverCpu = cpuOf(this.server.served);
    const loadCpu = cpuOf(this.child.pid);
    const begin = performance.now();
    const { last } = await work();
    const report = await this.settled(last, lostMs);
    const elapsedNs = (performance.now() - begin) * 1e6;
    if (report.faults > 0 || report.ahead !== last || report.least !== messages || report.most !== messages)
      throw Object.assign(
        new Error(`${this.contestant.name} did not deliver exactly: ${JSON.stringify(report)}`),
        { report },
      );
    const cpuNs = cpuOf(this.server.served) - serverCpu;
    return { ...report, cpuNs, elapsedNs, loadCores: (cpuOf(this.child.pid) - loadCpu) / elapsedNs };
  }

  /** The report once all subscribers have the message of this number, or nothing more comes. */
  settled(last, lostMs) {
    return this.until(({ behind }) => behind === last, { lostMs });
  }

  /**
   * The report once it is as it should be, or nothing more comes.
   * @param lostMs how long nothing may come before what has not come is taken as lost
   * @param counting what is to come: heartbeats bring bytes for ever
   */
  async until(isComplete, { lostMs = LOST_MS, counting = 'messages' } = {}) {
    let before = -1;
    let since = performance.now();
    for (;;) {
      const report = await this.child.ask('report');
      if (isComplete(report)) return report;
      if (report[counting] !== before) since = performance.now();
      else if (performance.now() - since > lostMs) return report;
      before = report[counting];
      await delay(20);
    }
  }

  /** Cuts the connections of these subscribers, which will come back with another request. */
  cut(from, to, request) {
    return this.child.ask(`cut ${from} ${to} ${writeBytes(request)}`);
  }

  stop() {
    return this.child.stop();
  }
}

function writeBytes(bytes) {
  const path = join(SCRATCH, `bytes-${files++}`);
  writeFileSync(path, bytes);
  return path;
}
