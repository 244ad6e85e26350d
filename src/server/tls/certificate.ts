import type { KeyPair } from './key-pair.ts';

/** What a server shows, as it is now and as it becomes. */
export interface Certificate {
  readonly pair: KeyPair;
  /** Calls back with each pair that replaces the one before. Returns what ends that. */
  follow(renewed: (pair: KeyPair) => void): () => void;
}

/** Where a certificate is from: files, which are read again when they change; or one made here, for loopback. */
export type TlsOptions =
  | 'self-signed'
  | { readonly certFile: string; readonly keyFile: string }
  | { readonly cert: string | Uint8Array; readonly key: string | Uint8Array };
