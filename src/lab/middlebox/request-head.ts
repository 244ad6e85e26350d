const END = Buffer.from('\r\n\r\n');

/** What a proxy sees of a request before it decides what to do with it. */
export interface RequestHead {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Names in lower case; a repeated header keeps its last value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
}

/** A TLS record of type handshake (RFC 8446 section 5.1). */
const HANDSHAKE = 0x16;
/** Of a connection of which a middlebox sees no request. */
const ENCRYPTED: RequestHead = { method: 'TLS', target: '', headers: {}, lines: [] };

/** Whether a middlebox can read it. */
export function isReadable(head: RequestHead): boolean {
  return head !== ENCRYPTED;
}

/** Splits a request's first bytes into its head and what follows; undefined while the head is incomplete. */
export function splitRequest(bytes: Buffer): { head: RequestHead; rest: Buffer } | undefined {
  if (bytes[0] === HANDSHAKE) return { head: ENCRYPTED, rest: bytes };
  const end = bytes.indexOf(END);
  if (end === -1) return undefined;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [method = '', target = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { head: { method, target, headers, lines }, rest: bytes.subarray(end + END.length) };
}

/**
 * The head as it goes to the target. A connection carries one request, so that every fault is about one
 * response: the target is told to close after it, unless the connection is to be upgraded.
 */
export function joinRequest(head: RequestHead): string {
  if (!isReadable(head)) return '';
  // The first bytes of a connection of HTTP/2, which goes on as it is.
  if (head.method === 'PRI') return 'PRI * HTTP/2.0\r\n\r\n';
  const kept = isUpgrade(head) ? head.lines : head.lines.filter((line) => !/^connection:/i.test(line));
  const closing = isUpgrade(head) ? [] : ['Connection: close'];
  return `${[`${head.method} ${head.target} HTTP/1.1`, ...kept, ...closing].join('\r\n')}\r\n\r\n`;
}

export function isUpgrade(head: RequestHead): boolean {
  return head.headers.upgrade?.toLowerCase() === 'websocket';
}

/** Matches requests whose `Accept` names a media type. */
export function accepts(type: string): (head: RequestHead) => boolean {
  return (head) => head.headers.accept?.includes(type) ?? false;
}
