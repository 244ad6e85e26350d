import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip } from 'node:zlib';
import { createLineReader } from '../../../wire/ndjson-reader.ts';
import { Recorder } from '../recorder.ts';
import { ask, failureIn, failureOfAnswer, isOk } from '../request.ts';
import { framesOf, subscription, type Target } from '../target.ts';

const MAX_LINE_LENGTH = 1024 * 1024;

/** Opens an event stream, or HTTP streaming, on the SDK's endpoint, as browsers ask for it. */
export function openStream(target: Target, accept: string): Recorder {
  const recorder = new Recorder(target);
  const asking = ask(target, '/connect', {
    method: 'POST',
    headers: { accept, 'accept-encoding': 'gzip, br' },
    body: framesOf([subscription(target.channel)]),
  });
  asking
    .then(async (answer) => {
      void recorder.result(() => undefined).then(() => answer.destroy());
      const isRight = isOk(answer) && answer.headers['content-type']?.startsWith(accept);
      if (isRight) return read(answer, recorder);
      recorder.fail(await failureOfAnswer(answer, target.patienceMs));
    })
    .catch((error: unknown) => recorder.fail(failureIn(error)));
  return recorder;
}

function read(answer: IncomingMessage, recorder: Recorder): void {
  recorder.heardHead();
  recorder.encoding = answer.headers['content-encoding'];
  const lines = createLineReader((line) => {
    // Over SSE each `data:` line is a whole frame; all other lines are no JSON objects.
    const text = line.replace(/^data: ?/, '');
    if (text.startsWith('{')) recorder.heard(JSON.parse(text));
  }, MAX_LINE_LENGTH);
  answer.on('data', () => recorder.heardBytes());
  decoded(answer, recorder.encoding)
    .on('error', () => {})
    .setEncoding('utf8')
    .on('data', (text: string) => {
      try {
        lines(text);
      } catch {
        recorder.fail({ by: 'network', cause: 'garbled', detail: 'lines that no hub has written' });
      }
    });
  answer.on('close', () => {
    const how = answer.complete ? 'the answer ended' : 'the connection broke off';
    recorder.fail({ by: 'network', cause: 'cut', detail: how });
  });
}

function decoded(answer: IncomingMessage, encoding: string | undefined): Readable {
  if (encoding === 'gzip') return answer.pipe(createGunzip({ flush: constants.Z_SYNC_FLUSH }));
  if (encoding === 'br')
    return answer.pipe(createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }));
  return answer;
}
