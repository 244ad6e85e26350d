import { isUtf8 } from 'node:buffer';
import { checkDepth } from '../../hub/publishing/json-check.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { checkedRequest, isObject } from '../http/operation-request.ts';
import type { OperationRequest } from '../operation/documents.ts';

/** What a client of graphql-transport-ws sends. */
export type ClientMessage =
  | { readonly type: 'connection_init'; readonly payload?: Readonly<Record<string, unknown>> | null }
  | { readonly type: 'ping' | 'pong'; readonly payload?: Readonly<Record<string, unknown>> | null }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: OperationRequest }
  | { readonly type: 'complete'; readonly id: string };

/** What a message is around a message's data: payload, variables, and itself. */
const AROUND_DATA = 3;

/**
 * Reads a message as it came.
 * @throws FanwireError `invalid_frame`, `invalid_parameter`, `json_too_deep`: what the protocol does not have
 */
export function readClientMessage(bytes: Buffer, jsonDepth: number): ClientMessage {
  checkDepth(bytes, jsonDepth + AROUND_DATA);
  const message = parsed(bytes);
  if (!isObject(message)) throw invalid('a message is one JSON object');
  const { type, id, payload } = message;
  switch (type) {
    case 'connection_init':
    case 'ping':
    case 'pong':
      if (payload != null && !isObject(payload)) throw invalid(`${type}: payload is an object`);
      break;
    case 'subscribe':
      checkedRequest(payload);
      assertId(id);
      break;
    case 'complete':
      assertId(id);
      break;
    default:
      throw invalid(`there is no message of type ${JSON.stringify(type)?.slice(0, 60)}`);
  }
  return message as unknown as ClientMessage;
}

function parsed(bytes: Buffer): unknown {
  try {
    if (isUtf8(bytes)) return JSON.parse(bytes.toString());
  } catch {}
  throw invalid('a message is JSON');
}

function assertId(id: unknown): void {
  if (typeof id !== 'string' || id === '') throw invalid('id is a text that is not empty');
}

function invalid(sentence: string): FanwireError {
  return new FanwireError('invalid_frame', sentence);
}
