import { isLoopback } from '../address.ts';
import type { RequestHead } from '../request-head.ts';

/**
 * What is judged of a `Request`.
 * @param address the client's, where whoever has the connection tells it
 */
export function headOf(request: Request, url: URL, address: string | undefined): RequestHead {
  return {
    method: request.method,
    url: url.pathname + url.search,
    // The URL's host last: frameworks make one up where they are not told their own name.
    headers: { host: url.host, ...Object.fromEntries(request.headers) },
    socket: {
      remoteAddress: address,
      localAddress: arrivalOf(address),
      encrypted: url.protocol === 'https:',
    },
  };
}

/** Where it arrived is not told. Who comes from loopback has come to loopback, and who comes from nobody knows where may have. */
function arrivalOf(address: string | undefined): string | undefined {
  if (address === undefined) return '127.0.0.1';
  return isLoopback(address) ? address : undefined;
}
