import { isIP } from 'node:net';
import { memo } from './memo.ts';
import type { RequestHead } from './request-head.ts';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1)$/;

/**
 * The client's network address, as limits and `authorise` see it.
 * @param trustProxy takes it from `X-Forwarded-For`: its last entry, which the nearest proxy wrote. All
 * entries before it are the client's own word, or that of proxies whose word nobody vouches for. Behind
 * several proxies, let the nearest pass on the address that it trusts.
 */
export function clientAddress(request: Pick<RequestHead, 'headers' | 'socket'>, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const nearest = forwarded === undefined ? undefined : parseAddress(String(forwarded).split(',').at(-1)!);
  // A Unix domain socket has no addresses, and some frameworks tell none: all their clients are one.
  return nearest ?? parseAddress(request.socket.remoteAddress ?? '') ?? 'unknown';
}

export function isLoopback(address: string | undefined): boolean {
  return LOOPBACK.test(parseAddress(address ?? '') ?? '');
}

/** What limits count by: the owner of one IPv6 address has all of its /64 network, and could change at will. */
export const networkOf = memo((address: string): string => {
  if (isIP(address) !== 6) return address;
  const [head = [], tail = []] = address
    .replace(/[\d.]+\.\d+$/, '0:0')
    .split('::')
    .map((groups) => groups.split(':').filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  const network = [...head, ...zeros, ...tail].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
});

/** One spelling an address: without port, brackets, or the IPv6 form of an IPv4 address. */
const parseAddress = memo((text: string): string | undefined => {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/^::ffff:(?=[\d.]+$)/, '');
  return isIP(bare) ? bare : undefined;
});
