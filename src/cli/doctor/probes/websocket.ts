import { WebSocket } from 'ws';
import { failureOfAnswer } from '../../../doctor/ask.ts';
import { Recorder } from '../../../doctor/recorder.ts';
import { newClient, subscription, type Target } from '../../../doctor/target.ts';
import { answerOf, failureOfError } from '../request.ts';

/** A hub's own close codes begin here; below, these two say that it goes away or has no room. */
const isOfHub = (code: number) => code >= 4000 || code === 1012 || code === 1013;

/** Opens the SDK's endpoint as a WebSocket. */
export function openWebSocket(target: Target, trusted: boolean): Recorder {
  const recorder = new Recorder(target);
  const socket = new WebSocket(`${target.url.replace(/^http/, 'ws')}/connect`, {
    rejectUnauthorized: trusted,
  });
  const { token } = target;
  socket.on('open', () => {
    recorder.heardHead();
    socket.send(JSON.stringify({ hello: { client: newClient(), token, why: 'fanwire doctor' } }));
    socket.send(JSON.stringify(subscription(target.channel)));
  });
  socket.on('message', (text) => {
    recorder.heardBytes();
    try {
      recorder.heard(JSON.parse(`${text}`));
    } catch {
      recorder.fail({ by: 'network', cause: 'garbled', detail: 'a message that no hub has written' });
    }
  });
  socket.on('ping', () => recorder.heardBytes());
  socket.on('unexpected-response', (request, answer) => {
    void failureOfAnswer(answerOf(answer), target.patienceMs).then((failure) => {
      recorder.fail(failure);
      request.destroy();
    });
  });
  socket.on('error', (error) => recorder.fail(failureOfError(error)));
  socket.on('close', (code, reason) => {
    const said = `close code ${code}${reason.length > 0 ? ` ${reason}` : ''}`;
    if (isOfHub(code)) recorder.fail({ by: 'hub', status: 101, code: `${reason}`, detail: said });
    else recorder.fail({ by: 'network', cause: 'cut', detail: said });
  });
  void recorder.result(() => undefined).then(() => socket.terminate());
  return recorder;
}
