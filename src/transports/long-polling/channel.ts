import type { Sink } from '../../hub/sink.ts';
import { FROM_NOW } from '../../protocol/start.ts';
import { type ChannelRead, type Exchange, isAbandoned } from '../exchange.ts';
import { type Answer, answerFormat, answerOf, sendJson } from '../json-answer.ts';
import { capabilities } from './capabilities.ts';

/** Answers at once if there is something, else the moment there is, else empty at the limit. */
export async function serveLongPoll(exchange: Exchange, read: ChannelRead): Promise<void> {
  const { hub, caller, response } = exchange;
  const start = read.start ?? FROM_NOW;
  const page = await hub.read(read.channels, start, read.limit);
  const send = (answer: Answer) =>
    sendJson(exchange, answer.body, {
      // An answer parked for one client is of no use to another.
      'Cache-Control': 'no-store',
      'Preference-Applied': `wait=${read.waitSeconds}`,
      'Fanwire-Position': answer.position,
      ETag: `"${answer.position}"`,
    });
  if (page.items.length > 0) {
    send(answerOf(page));
    return;
  }
  if (isAbandoned(response)) return;

  const sink: Sink = {
    format: answerFormat,
    get writable() {
      return !response.writableEnded;
    },
    write(answer) {
      end(answer as Answer);
    },
  };
  const connection = hub.connect(
    { transport: capabilities.name, address: caller.address, access: caller.access },
    { sink, beat() {}, close: () => end(answerOf(page)), abort: () => response.destroy() },
  );
  const limit = setTimeout(() => end(answerOf(page)), read.waitSeconds * 1000);
  const cursor = connection.open(read.channels, { kind: 'after', position: page.position });

  function end(answer: Answer): void {
    clearTimeout(limit);
    connection.gone();
    if (response.writableEnded || isAbandoned(response)) return;
    hub.meter.bytes += answer.body.length;
    send(answer);
  }
  response.on('close', () => {
    clearTimeout(limit);
    connection.gone();
  });
  await cursor.resume();
}
