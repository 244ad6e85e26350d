import { Recorder } from '../../../../../doctor/recorder.ts';
import { newClient, subscription, type Target } from '../../../../../doctor/target.ts';

/** A hub's own close codes begin here; below, these two say that it goes away or has no room. */
const isOfHub = (code: number) => code >= 4000 || code === 1012 || code === 1013;

/** Opens the SDK's endpoint as a WebSocket. A page is not told which answer it got in place of 101, and sees no pings. */
export function openWebSocket(target: Target): Recorder {
  const recorder = new Recorder(target);
  const socket = new WebSocket(`${target.url.replace(/^http/, 'ws')}/connect`);
  let isOpen = false;
  socket.onopen = () => {
    isOpen = true;
    recorder.heardHead();
    socket.send(
      JSON.stringify({ hello: { client: newClient(), token: target.token, why: 'fanwire doctor' } }),
    );
    socket.send(JSON.stringify(subscription(target.channel)));
  };
  socket.onmessage = ({ data }) => {
    recorder.heardBytes();
    try {
      recorder.heard(JSON.parse(data));
    } catch {
      recorder.fail({ by: 'network', cause: 'garbled', detail: 'a message that no hub has written' });
    }
  };
  socket.onclose = ({ code, reason }) => {
    const said = `close code ${code}${reason === '' ? '' : ` ${reason}`}`;
    if (!isOpen)
      recorder.fail({
        by: 'network',
        cause: 'refused',
        detail: 'no upgrade, or no answer: a browser tells a page no more',
      });
    else if (isOfHub(code)) recorder.fail({ by: 'hub', status: 101, code: reason, detail: said });
    else recorder.fail({ by: 'network', cause: 'cut', detail: said });
  };
  void recorder.result(() => undefined).then(() => socket.close());
  return recorder;
}
