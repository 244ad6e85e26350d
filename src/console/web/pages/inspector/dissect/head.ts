export interface Field {
  readonly name: string;
  readonly value: string;
}

/** The start line and the fields of a request or an answer. */
export interface Head {
  readonly start: string;
  readonly fields: readonly Field[];
}

/** Where a head ends in these bytes, its blank line included; undefined while it is not complete. */
export function headLength(bytes: Uint8Array): number | undefined {
  for (let at = 3; at < bytes.length; at++) {
    if (bytes[at] === 10 && bytes[at - 1] === 13 && bytes[at - 2] === 10 && bytes[at - 3] === 13)
      return at + 1;
  }
  return undefined;
}

export function readHead(bytes: Uint8Array): Head {
  const [start = '', ...lines] = new TextDecoder('latin1').decode(bytes).trim().split('\r\n');
  const fields = lines.map((line) => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
  });
  return { start, fields };
}

export function fieldOf(head: Head | undefined, name: string): string | undefined {
  return head?.fields.find((field) => field.name.toLowerCase() === name)?.value;
}
