import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LabNews, Order } from './orders.ts';

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));

export interface LabProcess {
  order(order: Order): void;
  end(): void;
  /** Resolves once it has ended: with what it said on stderr last, if it was not told to. */
  readonly ended: Promise<string | undefined>;
}

/** Begins the lab in a process of its own, which ends with this one. */
export function startLab(onNews: (news: LabNews) => void): LabProcess {
  // Secrets of the hub are none of its business.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('FANWIRE_')),
  );
  const child = fork(MAIN, { env, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  let isToEnd = false;
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  child.on('message', (news) => onNews(news as LabNews));
  // What is sent to one that has just ended is lost with it.
  child.on('error', () => {});
  return {
    order: (order) => void child.send(order, () => {}),
    end() {
      isToEnd = true;
      child.kill('SIGKILL');
    },
    ended: new Promise((resolve) => {
      child.once('close', () => resolve(isToEnd ? undefined : said.trim() || 'it ended by itself'));
    }),
  };
}
