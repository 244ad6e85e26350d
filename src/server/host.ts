import { FanwireError } from '../protocol/errors.ts';
import { isLoopback } from './address.ts';
import { memo } from './memo.ts';
import type { RequestHead } from './request-head.ts';
import { targetAuthorityOf } from './request-url.ts';

/** The authority that a request was sent to, as `name` or `name:port`. */
export function authorityOf(request: RequestHead): string {
  // A target in absolute form overrides `Host` (RFC 9112 section 3.2.2); HTTP/2 has a pseudo-header.
  return String(targetAuthorityOf(request) ?? request.headers[':authority'] ?? request.headers.host ?? '');
}

/**
 * Checks by what name the hub is addressed. A page of `evil.example` whose name is made to resolve to
 * 127.0.0.1 (DNS rebinding) has the hub as its own origin, so that an Origin check can't tell; but it
 * still names its own host.
 * @param hosts names under which the hub may be addressed, without port. Undefined: any, except that
 * what arrives on a loopback address, when `open`, has to name loopback
 * @param open no authorisation is configured, so that reaching the hub is all it takes to use it
 * @returns a check that throws FanwireError `host_not_allowed`
 * @throws TypeError for an entry of `hosts` that no request could match
 */
export function createHostCheck(
  hosts: readonly string[] | undefined,
  open: boolean,
): (request: RequestHead) => void {
  hosts?.forEach((host, index) => {
    const name = hostname(host);
    if (name !== host.toLowerCase()) {
      const hint = name === undefined ? '' : `: write ${name}`;
      throw new TypeError(
        `hosts[${index}] must be a name such as hub.example, without scheme, port or wildcard${hint}`,
      );
    }
  });
  const listed = hosts && new Set(hosts.map((host) => host.toLowerCase()));

  return (request) => {
    if (!listed && !open) return;
    const authority = authorityOf(request);
    const name = hostname(authority) ?? '';
    if (listed ? listed.has(name) : isLoopbackName(name)) return;
    // Last, as it asks the kernel, and Node keeps the answer with the socket.
    if (!listed && !isLoopback(request.socket.localAddress)) return;
    throw new FanwireError(
      'host_not_allowed',
      `the hub does not answer to the host ${JSON.stringify(authority)}: ` +
        'use the address it listens on, or add the name to `hosts`',
    );
  };
}

/** The name in an authority, in the one spelling that the URL standard gives it. */
const hostname = memo((authority: string): string | undefined => {
  const url = `http://${authority}`;
  if (!/^[^\s/?#@*\\]+$/.test(authority) || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/\.$/, '');
});

function isLoopbackName(name: string): boolean {
  // RFC 6761 section 6.3: browsers resolve these names to loopback by themselves.
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name);
}
