import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Failure } from './readings.ts';
import type { Target } from './target.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** What did not work, for whoever reports it. */
export class Failed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.failure = failure;
  }
}

export interface Asking {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** For the head, in milliseconds. Default: the target's patience. */
  readonly withinMs?: number;
}

/**
 * Sends a request on a connection of its own; resolves with its head.
 * @throws Failed
 */
export function ask(target: Target, path: string, asking: Asking = {}): Promise<IncomingMessage> {
  const { method = 'GET', headers, body, withinMs = target.patienceMs } = asking;
  const url = new URL(`${target.url}${path}`);
  const request = url.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method,
      agent: false,
      rejectUnauthorized: target.trusted,
      headers: {
        ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    const timer = setTimeout(() => {
      const detail = `no answer within ${withinMs / 1000} s`;
      asked.destroy(new Failed({ by: 'network', cause: 'mute', detail }));
    }, withinMs);
    asked.on('response', (answer) => {
      clearTimeout(timer);
      // Whoever reads it listens as well; one that nobody reads any more may break off.
      answer.on('error', () => {});
      resolve(answer);
    });
    asked.on('error', (error) => {
      clearTimeout(timer);
      reject(error instanceof Failed ? error : new Failed(failureOfError(error)));
    });
    // Of an answer before the end of the body the rest is of no use.
    asked.end(body);
  });
}

/** @throws Failed where it breaks off, or takes longer */
export function readText(answer: IncomingMessage, withinMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (cause: 'cut' | 'buffered', detail: string) => {
      clearTimeout(timer);
      answer.destroy();
      reject(new Failed({ by: 'network', cause, detail }));
    };
    const timer = setTimeout(
      fail,
      withinMs,
      'buffered',
      `a head and no whole body within ${withinMs / 1000} s`,
    );
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MAX_BODY_BYTES) fail('cut', 'an answer that does not end');
    });
    answer.on('close', () => answer.complete || fail('cut', 'the answer broke off'));
    answer.on('end', () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

/** Reads an answer's JSON. @throws Failed for any answer but a success in JSON */
export async function readJson<T>(answer: IncomingMessage, withinMs: number): Promise<T> {
  if (!isOk(answer)) throw new Failed(await failureOfAnswer(answer, withinMs));
  const text = await readText(answer, withinMs);
  try {
    return JSON.parse(text);
  } catch {
    const detail = `${answer.statusCode} with ${answer.headers['content-type'] ?? 'no type'}, which is no JSON`;
    throw new Failed({ by: 'network', cause: 'garbled', detail, status: answer.statusCode! });
  }
}

export function isOk({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** A hub's refusal has a code; any other answer is somebody else's. */
export async function failureOfAnswer(answer: IncomingMessage, withinMs: number): Promise<Failure> {
  const status = answer.statusCode ?? 0;
  const server = answer.headers.server === undefined ? '' : ` of ${answer.headers.server}`;
  const foreign: Failure = { by: 'network', cause: 'refused', detail: `answer ${status}${server}`, status };
  if (!answer.headers['content-type']?.includes('problem+json')) {
    answer.destroy();
    return foreign;
  }
  try {
    const { code, detail } = JSON.parse(await readText(answer, withinMs));
    return typeof code === 'string' ? { by: 'hub', status, code, detail: `${detail}` } : foreign;
  } catch {
    return foreign;
  }
}

export function failureOfError(error: NodeJS.ErrnoException): Failure {
  const detail = { ECONNREFUSED: 'nothing listens there', ENOTFOUND: 'the name does not exist' }[
    error.code ?? ''
  ];
  const cause = /^(ECONNRESET|EPIPE|HPE_)/.test(error.code ?? '') ? 'cut' : 'unreachable';
  return { by: 'network', cause, detail: detail ?? (error.message || error.code || 'no connection') };
}

/** @throws whatever is no `Failed` */
export function failureIn(error: unknown): Failure {
  if (error instanceof Failed) return error.failure;
  throw error;
}
