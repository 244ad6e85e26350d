import { pageProtocol } from './page-protocol.ts';

interface UnseenProps {
  /** What comes of it, as a clause. */
  readonly what: string;
}

/** Says on a page that came over HTTP/2 why nothing of its wire is recorded, and how to see it. */
export function UnseenOverHttp2({ what }: UnseenProps) {
  if (pageProtocol() !== 'HTTP/2') return null;
  return (
    <p class="fault">
      This page came over HTTP/2. If that goes as far as the hub, {what}, as the hub records HTTP/1.1 alone:
      start one with <code>fanwire serve</code> without TLS.
    </p>
  );
}
