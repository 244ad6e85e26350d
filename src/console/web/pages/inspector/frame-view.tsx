import { bitFieldsOf, rowsOf } from './bit-fields.ts';
import { OPCODES, TEXT } from './dissect/frame.ts';
import type { Detail } from './dissect/steps.ts';
import { bytesOf } from './figures.ts';
import { GraphQLMessageView } from './graphql-message-view.tsx';
import { hexOf, printableOf } from './hex.ts';

const MAX_UNMASKED = 12;

/** A frame taken apart to the bit, drawn as in RFC 6455 section 5.2: 32 bits a row. */
export function FrameView({ header, masked, payload, graphql }: Extract<Detail, { kind: 'frame' }>) {
  const fields = bitFieldsOf(header, masked);
  return (
    <>
      <div class="bits" aria-hidden="true">
        {['0', '8', '16', '24'].map((bit) => (
          <span key={bit} class="ruler">
            {bit}
          </span>
        ))}
        {rowsOf(fields).map(({ key, field, bits }) => (
          <span key={key} class={`bit ${field}`} style={{ gridColumn: `span ${bits.length}` }}>
            {bits}
          </span>
        ))}
      </div>
      <dl class="fields bit-names">
        {fields.map(({ name, field, bits, meaning }) => (
          <div key={name} class="noted">
            <dt>
              <i class={`swatch ${field}`} aria-hidden="true" />
              {name}
            </dt>
            <dd>
              <code>{bits.length > 32 && field === 'payload' ? hexOf(masked.subarray(0, 8)) : bits}</code>
              <p class="meaning">{meaning}</p>
            </dd>
          </div>
        ))}
      </dl>
      {header.mask && payload.length > 0 && (
        <table class="unmasking">
          <caption>Unmasked: each byte XOR one of the key’s four, in turn</caption>
          <tbody>
            <ByteRow name="sent" bytes={masked} />
            <ByteRow name="key" bytes={payload.map((_, index) => header.mask![index % 4]!)} />
            <ByteRow name="is" bytes={payload} />
            <tr>
              <th scope="row">text</th>
              {[...printableOf(payload.subarray(0, MAX_UNMASKED))].map((character, index) => (
                <td key={index}>{character}</td>
              ))}
            </tr>
          </tbody>
        </table>
      )}
      {graphql && <GraphQLMessageView message={graphql} />}
      {!graphql && payload.length > 0 && header.opcode === TEXT && (
        <pre>{new TextDecoder().decode(payload.subarray(0, 1000))}</pre>
      )}
      {payload.length < header.payloadLength && (
        <p class="note">
          Of {bytesOf(header.payloadLength)} of payload the recorder kept the first {bytesOf(payload.length)}.
        </p>
      )}
      {OPCODES[header.opcode] === undefined && <p class="fault">No opcode of RFC 6455.</p>}
    </>
  );
}

function ByteRow({ name, bytes }: { name: string; bytes: Uint8Array }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {[...bytes.subarray(0, MAX_UNMASKED)].map((byte, index) => (
        <td key={index}>{byte.toString(16).padStart(2, '0')}</td>
      ))}
    </tr>
  );
}
