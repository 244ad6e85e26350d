/** A message of graphql-transport-ws: what stands around the payload. */
export interface GraphQLMessage {
  readonly type: string;
  /** Of the operation. */
  readonly id?: string;
  readonly payload?: unknown;
}

/** Undefined for what is none, or not wholly known. */
export function readGraphQLMessage(payload: Uint8Array): GraphQLMessage | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(payload)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The bytes of the payload of a `next` that brings a message; undefined for all else. */
export function deliveredBytes({ type, payload }: GraphQLMessage): number | undefined {
  const { data } = (payload ?? {}) as { readonly data?: { readonly channel?: { readonly id?: string } } };
  if (type !== 'next' || data?.channel?.id === undefined) return undefined;
  return new TextEncoder().encode(JSON.stringify(payload)).length;
}
