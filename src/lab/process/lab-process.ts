import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../child.ts';
import { makeCertificates } from '../tls.ts';
import type { Beginning, LabNews, Order } from './orders.ts';

export interface LabProcess {
  order(order: Order): void;
  end(): void;
  /** Resolves once it has ended: with what it said on stderr last, if it was not told to. */
  readonly ended: Promise<string | undefined>;
}

/**
 * Begins the lab in a process of its own, which ends with this one.
 * @throws Error where there is no directory for temporary files
 */
export function startLab(onNews: (news: LabNews) => void): LabProcess {
  const certificates = makeCertificates();
  const trusted = join(mkdtempSync(join(tmpdir(), 'fanwire-lab-')), 'trusted.pem');
  writeFileSync(trusted, certificates.hub.cert + certificates.middlebox.cert);
  const forget = () => rmSync(join(trusted, '..'), { recursive: true, force: true });
  process.once('exit', forget);
  const child = startChild(new URL('main.js', import.meta.url), {
    // `fetch` and WebSockets have no other way to trust a certificate in every Node.
    variables: { NODE_EXTRA_CA_CERTS: trusted },
    stderr: 'pipe',
  });
  let said = '';
  let isToEnd = false;
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  child.on('message', (news) => onNews(news as LabNews));
  // What is sent to one that has just ended is lost with it.
  child.on('error', () => {});
  child.send({ kind: 'begin', certificates } satisfies Beginning, () => {});
  return {
    order: (order) => void child.send(order, () => {}),
    end() {
      isToEnd = true;
      child.kill('SIGKILL');
    },
    ended: new Promise((resolve) => {
      child.once('close', () => {
        process.off('exit', forget);
        forget();
        resolve(isToEnd ? undefined : said.trim() || 'the lab’s process ended by itself');
      });
    }),
  };
}
