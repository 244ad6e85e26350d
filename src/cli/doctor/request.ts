import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip } from 'node:zlib';
import { type Answer, type Ask, type Asking, Failed } from '../../doctor/ask.ts';
import type { Failure } from '../../doctor/readings.ts';
import type { Target } from '../../doctor/target.ts';

interface Asker extends Pick<Target, 'url' | 'token' | 'patienceMs'> {
  /** False: the certificate is not trusted, so that no token is sent. */
  readonly trusted: boolean;
}

export function askerOf(asker: Asker): Ask {
  return (path, asking = {}) => ask(asker, path, asking);
}

/**
 * Sends a request on a connection of its own; resolves with its head.
 * @throws Failed
 */
function ask(asker: Asker, path: string, asking: Asking): Promise<Answer> {
  const { method = 'GET', headers, body, withinMs = asker.patienceMs } = asking;
  const url = new URL(`${asker.url}${path}`);
  const request = url.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method,
      agent: false,
      rejectUnauthorized: asker.trusted,
      headers: {
        ...(asker.token === undefined ? {} : { authorization: `Bearer ${asker.token}` }),
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
      resolve(answerOf(answer));
    });
    asked.on('error', (error) => {
      clearTimeout(timer);
      reject(error instanceof Failed ? error : new Failed(failureOfError(error)));
    });
    // Of an answer before the end of the body the rest is of no use.
    asked.end(body);
  });
}

export function answerOf(answer: IncomingMessage): Answer {
  return {
    status: answer.statusCode ?? 0,
    header: (name) => [answer.headers[name]].flat().join(', ') || undefined,
    read(onText) {
      return new Promise((resolve, reject) => {
        const fail = (error: unknown) => {
          answer.destroy();
          reject(error);
        };
        decoded(answer)
          .on('error', () => {})
          .setEncoding('utf8')
          .on('data', (text: string) => {
            try {
              onText(text);
            } catch (error) {
              fail(error);
            }
          })
          .on('end', resolve);
        answer.on('close', () => {
          if (answer.complete) return;
          fail(new Failed({ by: 'network', cause: 'cut', detail: 'the answer broke off' }));
        });
      });
    },
    leave: () => void answer.destroy(),
  };
}

/** A compressor on the way lets go of pieces, mostly not of the whole. */
function decoded(answer: IncomingMessage): Readable {
  const encoding = answer.headers['content-encoding'];
  if (encoding === 'gzip') return answer.pipe(createGunzip({ flush: constants.Z_SYNC_FLUSH }));
  if (encoding === 'br')
    return answer.pipe(createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }));
  return answer;
}

export function failureOfError(error: NodeJS.ErrnoException): Failure {
  const detail = { ECONNREFUSED: 'nothing listens there', ENOTFOUND: 'the name does not exist' }[
    error.code ?? ''
  ];
  const cause = /^(ECONNRESET|EPIPE|HPE_)/.test(error.code ?? '') ? 'cut' : 'unreachable';
  return { by: 'network', cause, detail: detail ?? (error.message || error.code || 'no connection') };
}
