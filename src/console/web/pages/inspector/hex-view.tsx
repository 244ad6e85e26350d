import { useEffect, useState } from 'preact/hooks';
import { bytesOf } from './figures.ts';
import { hexOf, printableOf } from './hex.ts';

const MAX_SHOWN = 1024;
const NARROW = matchMedia('(max-width: 40rem)');

/** Bytes in hexadecimal and as text, side by side. @param length how many there were; fewer may be known */
export function HexView({ bytes, length }: { bytes: Uint8Array; length: number }) {
  const [isNarrow, setNarrow] = useState(NARROW.matches);
  useEffect(() => {
    const onChange = () => setNarrow(NARROW.matches);
    NARROW.addEventListener('change', onChange);
    return () => NARROW.removeEventListener('change', onChange);
  }, []);
  const perRow = isNarrow ? 8 : 16;
  const shown = bytes.subarray(0, MAX_SHOWN);
  const rows = Array.from({ length: Math.ceil(shown.length / perRow) }, (_, index) => {
    const row = shown.subarray(index * perRow, (index + 1) * perRow);
    const offset = (index * perRow).toString(16).padStart(4, '0');
    return `${offset}  ${hexOf(row).padEnd(perRow * 3)} ${printableOf(row)}`;
  });
  const left = length - shown.length;
  return (
    <div class="bytes">
      <h4>Bytes</h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
      <pre tabIndex={0}>
        {rows.join('\n')}
        {left > 0 && `\n… and ${bytesOf(left)} more`}
      </pre>
    </div>
  );
}
