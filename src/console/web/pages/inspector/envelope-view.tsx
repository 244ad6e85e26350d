import { END_OF_STREAM, type Envelope, PREFIX_BYTES } from '../../connect-envelope.ts';
import { bytesOf } from './figures.ts';
import { hexOf } from './hex.ts';

/** Envelopes of Connect's taken apart: the flags to the bit, the length, and what is in them. */
export function EnvelopeView({ envelopes }: { envelopes: readonly Envelope[] }) {
  return envelopes.map(({ flags, prefix, text }, index) => (
    <dl key={index} class="fields envelope">
      <div class="noted">
        <dt>flags</dt>
        <dd>
          <code>{flags.toString(2).padStart(8, '0')}</code>
          <p class="meaning">{meaningOf(flags)}</p>
        </dd>
      </div>
      <div class="noted">
        <dt>length</dt>
        <dd>
          <code>{hexOf(prefix.subarray(1))}</code>
          <p class="meaning">
            {bytesOf(new DataView(prefix.buffer, prefix.byteOffset).getUint32(1))} behind these {PREFIX_BYTES}
            .
          </p>
        </dd>
      </div>
      <div>
        <dt>{flags & END_OF_STREAM ? 'end' : 'message'}</dt>
        <dd>
          <code>{text}</code>
        </dd>
      </div>
    </dl>
  ));
}

function meaningOf(flags: number): string {
  if (flags & 1) return 'Compressed.';
  return flags & END_OF_STREAM
    ? 'The second bit from the right: the stream ends, and what follows says how.'
    : 'Not compressed (the last bit), and not the end of the stream (the one before it).';
}
