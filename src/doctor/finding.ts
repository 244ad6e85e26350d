/** What can stand between a client and a hub, each by the name that `--json` has. */
export const FAULTS = {
  unreachable: 'nothing answers at the address',
  'hub-away': 'a proxy answers, and no hub behind it',
  'no-hub': 'something else answers',
  'refused-by-hub': 'the hub answers, and lets nobody in who comes like this',
  certificate: 'the certificate is trusted by nobody',
  'upgrade-blocked': 'a WebSocket is refused on the way',
  'websocket-mute': 'a WebSocket opens, and nothing passes',
  'stream-buffered': 'a proxy holds streams back',
  'stream-blocked': 'streams do not open',
  'poll-blocked': 'a parked request gets no answer',
  'stream-compressed': 'a proxy compresses streams',
  'message-late': 'messages are held back on the way',
  'idle-cut': 'a connection is cut when it is silent',
  'lifetime-cut': 'a connection is cut, though it is not silent',
  cached: 'answers come out of a cache that should not',
  'host-changed': 'another Host arrives than the one that was asked',
  'origin-refused': 'pages at this address are refused by the hub',
  'authorization-lost': 'the header Authorization does not arrive',
  'body-limit': 'a body is too large for a proxy',
  'http-1.0': 'a proxy speaks HTTP/1.0 to the hub',
  'udp-blocked': 'WebTransport is offered and does not arrive',
} as const;

export type Fault = keyof typeof FAULTS;

export interface Finding {
  readonly fault: Fault;
  /** What the network does, as sentences. */
  readonly sentence: string;
  /** What to change, and where. */
  readonly change: string;
  /** The section that tells more, from the root of the repository. */
  readonly see: string;
}

export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** What could not be judged, and why. */
  readonly notes: readonly string[];
}

export const PROXY = 'docs/deployment.md#behind-nginx-haproxy-or-caddy';
export const TROUBLE = 'docs/troubleshooting.md';
export const BEHIND = 'docs/configuration.md#behind-a-proxy';
