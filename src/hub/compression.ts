/** Whether messages are compressed for clients that offer it, and from which size on. */
export type Compression = boolean | { readonly thresholdBytes?: number };

/** What other servers take for too small to gain by it. */
const THRESHOLD_BYTES = 1024;

/** From this size on messages are compressed; undefined: none is. */
export function deflateFromBytes(compression: Compression = false): number | undefined {
  if (compression === false) return undefined;
  return (compression === true ? undefined : compression.thresholdBytes) ?? THRESHOLD_BYTES;
}
