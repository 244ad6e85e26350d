import { type FrameHeader, OPCODES } from './dissect/frame.ts';

type FieldKind = 'fin' | 'rsv' | 'opcode' | 'mask' | 'length' | 'key' | 'payload';

export interface BitField {
  readonly field: FieldKind;
  readonly name: string;
  /** `0` and `1`, in the order of the wire. */
  readonly bits: string;
  readonly meaning: string;
}

const ROW_BITS = 32;
/** Of the payload, in the drawing. */
const PAYLOAD_BYTES = 8;

/** The fields of a frame in their order, bit by bit, with what each says. */
export function bitFieldsOf(header: FrameHeader, payload: Uint8Array): BitField[] {
  const { fin, rsv, opcode, mask, shortLength, lengthBits, payloadLength } = header;
  const first = payload.subarray(0, PAYLOAD_BYTES);
  const fields: (BitField | false)[] = [
    {
      field: 'fin',
      name: 'FIN',
      bits: fin ? '1' : '0',
      meaning: fin ? 'The last frame of its message.' : 'More frames of this message follow.',
    },
    { field: 'rsv', name: 'RSV1–3', bits: binary(rsv, 3), meaning: 'For extensions; none is in use.' },
    {
      field: 'opcode',
      name: 'opcode',
      bits: binary(opcode, 4),
      meaning: `${opcode}: ${OPCODES[opcode] ?? 'not defined'}.`,
    },
    {
      field: 'mask',
      name: 'MASK',
      bits: mask ? '1' : '0',
      meaning: mask ? 'Masked, as all frames of a client.' : 'Not masked, as all frames of a server.',
    },
    {
      field: 'length',
      name: 'length',
      bits: binary(shortLength, 7),
      meaning:
        lengthBits === 7
          ? `${shortLength} bytes of payload: up to 125 fit in here.`
          : `${shortLength}: the length is in the next ${lengthBits} bits.`,
    },
    lengthBits !== 7 && {
      field: 'length',
      name: `length, ${lengthBits} bits`,
      bits: BigInt(payloadLength).toString(2).padStart(lengthBits, '0'),
      meaning: `${payloadLength.toLocaleString('en')} bytes of payload.`,
    },
    mask !== undefined && {
      field: 'key',
      name: 'masking key',
      bits: bitsOf(mask),
      meaning: 'Random, new for each frame.',
    },
    first.length > 0 && {
      field: 'payload',
      name: 'payload',
      bits: bitsOf(first),
      meaning:
        payloadLength > first.length
          ? `The first ${first.length} of ${payloadLength.toLocaleString('en')} bytes${mask ? ', as they were sent' : ''}.`
          : mask
            ? 'As it was sent.'
            : 'The message itself.',
    },
  ];
  return fields.filter((field) => field !== false);
}

/** The fields cut at the ends of rows, as they are drawn. */
export function rowsOf(
  fields: readonly BitField[],
): { readonly key: string; readonly field: FieldKind; readonly bits: string }[] {
  const cells: { key: string; field: FieldKind; bits: string }[] = [];
  let at = 0;
  for (const { field, name, bits } of fields) {
    for (let from = 0; from < bits.length; ) {
      const size = Math.min(ROW_BITS - (at % ROW_BITS), bits.length - from);
      cells.push({ key: `${name}-${from}`, field, bits: bits.slice(from, from + size) });
      from += size;
      at += size;
    }
  }
  return cells;
}

function binary(value: number, digits: number): string {
  return value.toString(2).padStart(digits, '0');
}

function bitsOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => binary(byte, 8)).join('');
}
