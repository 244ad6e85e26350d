import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { startDaemon } from '../daemon.ts';
import { makeDirectory } from '../directory.ts';
import { onEnd } from '../on-end.ts';
import { type Tab, tabOf } from './tab.ts';

/** What a new profile does of its own accord: it opens pages and looks for updates. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

interface Answer {
  readonly id?: number;
  readonly type: 'success' | 'error' | 'event';
  readonly message?: string;
  // biome-ignore lint/suspicious/noExplicitAny: each command has a result of its own
  readonly result?: any;
}

/** What a user may have chosen for all pages. */
interface Colours {
  readonly dark: boolean;
  readonly forcedColours: boolean;
}

export interface FirefoxTab extends Tab {
  /** Pages learn of it while they are shown. At first it is light. */
  prefer(colours: Colours): Promise<void>;
}

/** Opens a Firefox. It speaks WebDriver BiDi by itself: a driver beside it is not needed. */
export async function openFirefox(t: TestContext): Promise<FirefoxTab> {
  const profile = await makeDirectory(t);
  const lines = Object.entries({
    ...PREFERENCES,
    ...preferencesFor({ dark: false, forcedColours: false }),
  }).map(([name, value]) => {
    return `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`;
  });
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  // Else nothing but a restart changes what the user prefers.
  args.push('--remote-allow-system-access');
  const firefox = startDaemon(t, ['firefox-esr', ...args, 'about:blank'], {
    env: { ...process.env, HOME: profile },
  });
  const address = await firefox.while(addressIn(firefox.child.stderr!));
  const command = await connectTo(t, address);
  await command('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
  const { contexts } = await command('browsingContext.getTree', {});
  const context: string = contexts[0].context;
  const system = await command('browsingContext.getTree', { 'moz:scope': 'chrome' });
  const tab = tabOf({
    show: (url) => command('browsingContext.navigate', { context, url, wait: 'complete' }),
    async evaluate(expression) {
      const evaluation = { expression, target: { context }, awaitPromise: true };
      const { type, result, exceptionDetails } = await command('script.evaluate', evaluation);
      if (type === 'success') return result.value;
      throw new Error(`the page threw: ${exceptionDetails.text}`);
    },
    resize: (width, height) =>
      command('browsingContext.setViewport', { context, viewport: { width, height } }),
    async picture() {
      return (await command('browsingContext.captureScreenshot', { context, origin: 'document' })).data;
    },
  });
  return {
    ...tab,
    async prefer(colours) {
      const expression = Object.entries(preferencesFor(colours))
        .map(([name, value]) => `Services.prefs.setIntPref('${name}', ${value});`)
        .join('');
      const target = { context: system.contexts[0].context };
      await command('script.evaluate', { expression, target, awaitPromise: false });
    },
  };
}

function preferencesFor({ dark, forcedColours }: Colours) {
  return {
    'layout.css.prefers-color-scheme.content-override': dark ? 0 : 1,
    // Pages' own colours: 2 never, 1 always.
    'browser.display.document_color_use': forcedColours ? 2 : 1,
  };
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const [, address] = /BiDi listening on (ws:\S+)/.exec(line) ?? [];
    if (address) return address;
  }
  throw new Error('Firefox did not say where it listens');
}

async function connectTo(t: TestContext, address: string) {
  const socket = new WebSocket(`${address}/session`);
  await once(socket, 'open');
  onEnd(t, () => socket.terminate());
  const answers = new Map<number, (answer: Answer) => void>();
  socket.on('message', (text) => {
    const answer: Answer = JSON.parse(String(text));
    if (answer.id !== undefined) answers.get(answer.id)?.(answer);
  });
  let id = 0;
  return async (method: string, params: object) => {
    const answered = new Promise<Answer>((resolve) => {
      answers.set(++id, resolve);
    });
    socket.send(JSON.stringify({ id, method, params }));
    const { type, message, result } = await answered;
    if (type === 'error') throw new Error(`${method}: ${message}`);
    return result;
  };
}
