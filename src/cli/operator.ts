import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { isLoopback } from '../server/address.ts';

/** The variable that configures it, and by which workers are told the one that was made. */
export const OPERATOR_TOKEN = 'FANWIRE_OPERATOR_TOKEN';

/**
 * Whether anyone who reaches the hub may be its operator: only where that takes a program on this computer, or the
 * page itself. A proxy in front, another name, or pages of any origin would let others in.
 */
export function isConsoleOpen(host: string, { authorise, hosts, trustProxy, origins }: Config): boolean {
  const local = host === 'localhost' || isLoopback(host);
  return local && authorise === undefined && hosts === undefined && !trustProxy && origins !== '*';
}

/** Has 192 random bits. */
export function makeOperatorToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Keeps it in a file that only this user may read, for as long as the process lives. Returns the file's path. */
export function keepOperatorToken(token: string): string {
  // A directory of a new name: nobody can have put a link in the file's place.
  const directory = mkdtempSync(join(tmpdir(), 'fanwire-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'operator-token');
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}
