import { FanwireError } from '../../protocol/errors.ts';
import type { Handler } from '../handler.ts';
import { problemResponse } from '../problem.ts';

/** What is known of a `Request` beside what it says itself. */
export interface FetchInfo<Other> {
  /**
   * The client's network address, by which limits count. Without it, and without `trustProxy`, all clients count as one. What is no
   * text is left alone: some frameworks give something else of theirs in this place.
   */
  readonly address?: string | undefined;
  /** Answers what is not the hub's. Default: 404. */
  readonly next?: () => Other | Promise<Other>;
}

/** Answers a `Request` that is the hub's, and has any other answered. */
export async function serveFetch<Other>(
  handler: Handler,
  monitoring: boolean,
  request: Request,
  { address, next }: FetchInfo<Other> = {},
): Promise<Response | Other> {
  const known = typeof address === 'string' ? address : undefined;
  const response = handler.fetch(request, known, monitoring);
  if (response) return response;
  if (next) return next();
  const { pathname } = new URL(request.url);
  const { status, headers, body } = problemResponse(
    new FanwireError('not_found', `nothing is at ${pathname}: channels are at /channels/NAME`),
  );
  return new Response(request.method === 'HEAD' ? null : body, { status, headers });
}
