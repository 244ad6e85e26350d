import type { Side, WireEnd } from '../../../../inspector/wire-record.ts';
import type { Envelope } from '../../../connect-envelope.ts';
import type { InspectedName } from '../transports.ts';
import type { EventLine } from './event-lines.ts';
import type { FrameHeader } from './frame.ts';
import type { GraphQLMessage } from './graphql-message.ts';
import type { Head } from './head.ts';

/** What a request is for. */
export type Purpose = InspectedName | 'publish';

/** What a step's bytes are for. Their sum is the step's length. */
export interface Tally {
  /** Of requests and answers. */
  readonly heads: number;
  /** What a message needs around it: chunk sizes, field names, frame headers. */
  readonly framing: number;
  /** What keeps the connection usable and carries no message: padding, comments, pings. */
  readonly upkeep: number;
  readonly content: number;
  readonly messages: number;
}

export const NO_TALLY: Tally = { heads: 0, framing: 0, upkeep: 0, content: 0, messages: 0 };

/** One thing that crossed the wire. */
export interface Step {
  readonly key: string;
  /** Number of its exchange on this page, from 1. */
  readonly exchange: number;
  readonly purpose: Purpose;
  readonly from: Side;
  /** Unix milliseconds of the first byte and the last. */
  readonly at: number;
  readonly until: number;
  readonly length: number;
  /** The first of its bytes. */
  readonly bytes: Uint8Array;
  readonly tally: Tally;
  readonly detail: Detail;
}

export type Detail =
  | {
      readonly kind: 'request';
      readonly head: Head;
      readonly connection: number;
      readonly nth: number;
    }
  /** `parkedMs`: from the request's last byte to the answer's first. */
  | {
      readonly kind: 'answer';
      readonly head: Head;
      readonly parkedMs: number;
      readonly key: string | undefined;
    }
  | { readonly kind: 'body'; readonly content: Exclude<ChunkContent, { kind: 'events' | 'lines' }> }
  | { readonly kind: 'chunk'; readonly line: string; readonly size: number; readonly content: ChunkContent }
  | {
      readonly kind: 'frame';
      readonly header: FrameHeader;
      /** As it stood on the wire, and without its mask. */
      readonly masked: Uint8Array;
      readonly payload: Uint8Array;
      /** What it says in graphql-transport-ws, where that is spoken and all of it is known. */
      readonly graphql: GraphQLMessage | undefined;
    }
  /** What can't be taken apart: bytes are missing before it, or it is no format of these. */
  | { readonly kind: 'raw' }
  | { readonly kind: 'end'; readonly by: WireEnd['by'] };

export type ChunkContent =
  | { readonly kind: 'events'; readonly lines: readonly EventLine[] }
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'envelopes'; readonly envelopes: readonly Envelope[] }
  | { readonly kind: 'text'; readonly text: string };
