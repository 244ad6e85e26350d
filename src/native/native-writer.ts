import { createRequire } from 'node:module';

/** Writes bytes to many sockets in one call of the system's own: see `writer.c`. */
export interface NativeWriter {
  /**
   * Puts bytes to the first `count` descriptors, in whose place it says how many of the bytes the system took.
   * @returns how many took all
   */
  write(descriptors: Int32Array, count: number, bytes: Uint8Array): number;
}

/**
 * Undefined where this package has no build for the machine, or the machine does not load it: streams are written to then, one by one. So
 * are those of Bun and Deno, whose sockets only look like Node's: what they call a descriptor may be another thing.
 */
export function loadNativeWriter(): NativeWriter | undefined {
  if (process.versions.bun || process.versions.deno) return undefined;
  try {
    return createRequire(import.meta.url)(`./${process.platform}-${process.arch}.node`);
  } catch {
    return undefined;
  }
}
