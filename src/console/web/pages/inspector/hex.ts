export function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Printable ASCII as it is, everything else as a dot. */
export function printableOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·')).join('');
}
