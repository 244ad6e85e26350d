export interface CompressionOptions {
  /** Messages below this size are sent as they are, in bytes. Default: 1,024. */
  readonly thresholdBytes?: number;
  /**
   * Whether a message may be written as what it has in common with those that its reader was given before. Its length then tells of them as
   * well: see `sharedWindow` of a rule. Default: false.
   */
  readonly sharedWindow?: boolean;
}

/** Whether messages are compressed for clients that offer it, and how. */
export type Compression = boolean | CompressionOptions;

/** What other servers take for too small to gain by it. */
const DEFAULTS = { thresholdBytes: 1024, sharedWindow: false };

/** Undefined: none is. */
export function compressionOf(given: Compression = false): Required<CompressionOptions> | undefined {
  if (given === false) return undefined;
  return given === true ? DEFAULTS : { ...DEFAULTS, ...given };
}
