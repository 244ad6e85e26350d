/** The parts of a request's or an answer's head that the recorder reads. */
export interface Head {
  /** Method and target of a request; version and status of an answer. */
  readonly first: string;
  readonly second: string;
  /** The value of a field, the last of several. */
  field(name: string): string | undefined;
}

/** Undefined if the bytes are no head of HTTP/1. */
export function readHead(bytes: Buffer): Head | undefined {
  const lines = bytes.toString('latin1').trimStart().split('\r\n');
  const [first, second, third] = lines[0]!.split(' ');
  if (first === undefined || second === undefined) return undefined;
  if (!first.startsWith('HTTP/1.') && !third?.startsWith('HTTP/1.')) return undefined;
  return {
    first,
    second,
    field(name) {
      const start = `${name.toLowerCase()}:`;
      const line = lines.findLast((each) => each.toLowerCase().startsWith(start));
      return line?.slice(start.length).trim();
    },
  };
}

/** The fields whose values say who somebody is. */
const SECRET_FIELDS = /^(?:authorization|proxy-authorization|cookie|set-cookie)$/i;
/** A token among the offered subprotocols. */
const BEARER = /bearer\.[^\s,]+/g;
/** The parameters that the hub itself reads from a URL. Any other may be a token. */
const OPEN_PARAMETERS = new Set(['inspect', 'after', 'last', 'limit', 'wait', 'type', 'key']);

/** The same head with every token overwritten by asterisks, as many as it is long, so that lengths stay true. */
export function withoutSecrets(head: Buffer): Buffer {
  const [start = '', ...fields] = head.toString('latin1').split('\r\n');
  const told = fields.map((line) => {
    const [, name = '', between = '', value = ''] = /^([^:]*)(:[ \t]*)(.*)$/.exec(line) ?? [];
    if (SECRET_FIELDS.test(name)) return name + between + blank(value);
    if (/^sec-websocket-protocol$/i.test(name)) return name + between + value.replaceAll(BEARER, blank);
    // The page that sent it may have a token in its own address.
    if (/^referer$/i.test(name)) return name + between + withoutParameters(value);
    return line;
  });
  return Buffer.from([withoutParameters(start), ...told].join('\r\n'), 'latin1');
}

function withoutParameters(text: string): string {
  return text.replace(/([?&])([^=&#\s]*)=([^&#\s]*)/g, (all, mark: string, name: string, value: string) =>
    OPEN_PARAMETERS.has(name) ? all : `${mark}${name}=${blank(value)}`,
  );
}

function blank(secret: string): string {
  return '*'.repeat(secret.length);
}
