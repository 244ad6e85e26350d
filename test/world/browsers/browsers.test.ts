import { test } from 'node:test';
import { openChromium } from '../../support/browsers/chromium.ts';
import { openFirefox } from '../../support/browsers/firefox.ts';
import { openWebKit } from '../../support/browsers/webkit.ts';
import { endsAStreamThatIsLeft } from './console-leaving.ts';
import {
  comesBackToALogThatWasAway,
  losesNothingBeforeItsFirstMessage,
  readsCompressed,
  reconnects,
  tellsTypesAndGaps,
} from './event-source.ts';
import { opensTwentyEventSources } from './http2.ts';
import { settlesOnTheWebSocket, survivesCutsOnEveryTransport } from './sdk.ts';
import { readsAndPublishes, resumes, sharesAWindow } from './web-socket.ts';
import { movesToWebTransport } from './web-transport.ts';

const PROMISES = {
  'an EventSource reconnects by itself, again and again, and gets every message once': reconnects,
  'an EventSource that is cut before its first message loses nothing': losesNothingBeforeItsFirstMessage,
  'an EventSource whose hub could not read comes back once it can': comesBackToALogThatWasAway,
  'an EventSource reads, event by event, what was compressed in a window that readers share': readsCompressed,
  'an EventSource gets types as events and a gap as an event of its own': tellsTypesAndGaps,
  'a WebSocket reads, and what it sends is published and acknowledged': readsAndPublishes,
  'a WebSocket that is cut and opened anew after its last message loses nothing': resumes,
  'a WebSocket reads what was compressed in a window that readers share': sharesAWindow,
  'the SDK reads, publishes and survives a reset over every transport': survivesCutsOnEveryTransport,
  'the SDK left alone settles on the WebSocket': settlesOnTheWebSocket,
  'a scenario of the console that is left leaves no stream open': endsAStreamThatIsLeft,
  'twenty EventSources are open at once over HTTP/2': opensTwentyEventSources,
};

/** WebKit has no WebTransport, and that of Chromium has tests of its own. */
const IN_FIREFOX = {
  ...PROMISES,
  'the SDK goes over to WebTransport once it is offered, and back to it after a cut': movesToWebTransport,
};

const ENGINES = {
  Chromium: [openChromium, PROMISES],
  Firefox: [openFirefox, IN_FIREFOX],
  WebKit: [openWebKit, PROMISES],
} as const;

for (const [engine, [open, promises]] of Object.entries(ENGINES)) {
  // One browser for all: it takes longer to start than each of them to check.
  test(engine, async (t) => {
    const tab = await open(t);
    for (const [promise, hold] of Object.entries(promises)) {
      await t.test(`in ${engine}, ${promise}`, (t) => hold(t, tab));
    }
  });
}
