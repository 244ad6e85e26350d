import type { ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';

/** The stream that carries an answer, where that is HTTP/2. */
export function streamOf(response: ServerResponse): ServerHttp2Stream | undefined {
  return (response as ServerResponse & { readonly stream?: ServerHttp2Stream }).stream;
}

/** Headers about the connection, which do not exist in HTTP/2 (RFC 9113 section 8.2.2): there the answer goes without. */
export function setConnectionHeaders(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): void {
  if (streamOf(response)) return;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
