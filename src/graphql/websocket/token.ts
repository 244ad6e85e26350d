/** RFC 6750 section 2.1; the scheme's case is free. */
const BEARER = /^bearer +(\S+) *$/i;

/**
 * The token in the parameters of a connection, where clients of GraphQL put it: `{"authorization":"Bearer …"}`, whatever the
 * case of its name, or `{"token":"…"}`.
 */
export function tokenIn(
  parameters: Readonly<Record<string, unknown>> | null | undefined,
): string | undefined {
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (typeof value !== 'string') continue;
    if (name === 'token') return value;
    if (name.toLowerCase() === 'authorization') return BEARER.exec(value)?.[1] ?? value;
  }
  return undefined;
}
