import { createLineReader } from '../../wire/ndjson-reader.ts';
import { type Answer, Failed, failureIn, failureOfAnswer, isOk } from '../ask.ts';
import { Recorder } from '../recorder.ts';
import { framesOf, subscription, type Target } from '../target.ts';

const MAX_LINE_LENGTH = 1024 * 1024;

/** Opens an event stream, or HTTP streaming, on the SDK's endpoint, as browsers ask for it. */
export function openStream(target: Target, accept: string): Recorder {
  const recorder = new Recorder(target);
  const asking = target.ask('/connect', {
    method: 'POST',
    headers: { accept, 'accept-encoding': 'gzip, br' },
    body: framesOf([subscription(target.channel)]),
  });
  asking
    .then(async (answer) => {
      void recorder.result(() => undefined).then(() => answer.leave());
      const isRight = isOk(answer) && answer.header('content-type')?.startsWith(accept);
      if (isRight) return read(answer, recorder);
      recorder.fail(await failureOfAnswer(answer, target.patienceMs));
    })
    .catch((error: unknown) => recorder.fail(failureIn(error)));
  return recorder;
}

async function read(answer: Answer, recorder: Recorder): Promise<void> {
  recorder.heardHead();
  recorder.encoding = answer.header('content-encoding');
  const lines = createLineReader((line) => {
    // Over SSE each `data:` line is a whole frame; all other lines are no JSON objects.
    const text = line.replace(/^data: ?/, '');
    if (text.startsWith('{')) recorder.heard(JSON.parse(text));
  }, MAX_LINE_LENGTH);
  await answer.read((text) => {
    recorder.heardBytes();
    try {
      lines(text);
    } catch {
      throw new Failed({ by: 'network', cause: 'garbled', detail: 'lines that no hub has written' });
    }
  });
  throw new Failed({ by: 'network', cause: 'cut', detail: 'the answer ended' });
}
