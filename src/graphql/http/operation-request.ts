import { checkDepth } from '../../hub/publishing/json-check.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { decodeText, mediaTypeOf, readBody } from '../../server/body.ts';
import { queryOf } from '../../server/request-url.ts';
import type { ServerExchange } from '../../server/server-exchange.ts';
import type { OperationRequest } from '../operation/documents.ts';

/** What a request or a message is around a message's data: an object in an object. */
const AROUND_DATA = 2;

type Members = Readonly<Record<string, unknown>>;

/** The operation that a request asks for: in the query of a GET, or in the body of a POST. @throws FanwireError */
export async function operationRequestOf(exchange: ServerExchange): Promise<OperationRequest> {
  if (exchange.method === 'GET') return requestInUrl(queryOf(exchange.request));
  if (mediaTypeOf(exchange.request) !== 'application/json') {
    throw new FanwireError('unsupported_media_type', 'an operation is sent as application/json');
  }
  const { limits } = exchange.hub;
  const body = await readBody(exchange, limits.bodyBytes);
  checkDepth(body, limits.jsonDepth + AROUND_DATA);
  return checkedRequest(parsed('the body', decodeText(body)));
}

function requestInUrl(query: URLSearchParams): OperationRequest {
  const objectIn = (name: string) => {
    const text = query.get(name);
    return text === null ? undefined : parsed(name, text);
  };
  return checkedRequest({
    query: query.get('query') ?? undefined,
    operationName: query.get('operationName') ?? undefined,
    variables: objectIn('variables'),
    extensions: objectIn('extensions'),
  });
}

/**
 * Holds what was sent to GraphQL over HTTP, section 5.1, which the WebSocket's protocol has as well.
 * @throws FanwireError `invalid_parameter`, naming the member
 */
export function checkedRequest(sent: unknown): OperationRequest {
  if (!isObject(sent)) throw new FanwireError('invalid_parameter', 'an operation is sent as one JSON object');
  const { query, operationName, variables, extensions } = sent;
  expect(typeof query === 'string', 'query', 'the document, a text');
  expect(operationName == null || typeof operationName === 'string', 'operationName', 'a text');
  expect(variables == null || isObject(variables), 'variables', 'an object');
  expect(extensions == null || isObject(extensions), 'extensions', 'an object');
  return sent as unknown as OperationRequest;
}

function expect(holds: boolean, name: string, what: string): void {
  if (!holds) throw new FanwireError('invalid_parameter', `${name}: expected ${what}`);
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FanwireError('invalid_json', `${what}: ${(error as Error).message}`);
  }
}
