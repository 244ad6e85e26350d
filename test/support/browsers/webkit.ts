import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { startDaemon, untilListening } from '../daemon.ts';
import { makeDirectory } from '../directory.ts';
import { freePort } from '../free-port.ts';
import { onEnd } from '../on-end.ts';
import { type Tab, tabOf } from './tab.ts';

/**
 * Opens WebKitGTK's MiniBrowser, Safari's engine, by plain WebDriver. It has no headless form: Xvfb is its screen.
 * @param theme of GTK, which is where WebKitGTK learns what a user prefers: it can't be changed while it runs
 */
export async function openWebKit(t: TestContext, theme = 'Adwaita'): Promise<Tab> {
  const home = await makeDirectory(t);
  const args = ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'];
  const screen = startDaemon(t, ['Xvfb', ...args], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  // Xvfb takes a number that is free, and says which.
  const [number] = await screen.while(once(screen.child.stdio[3]!, 'data'));
  const port = await freePort();
  const driver = startDaemon(t, ['WebKitWebDriver', `--port=${port}`], {
    env: {
      ...process.env,
      DISPLAY: `:${String(number).trim()}`,
      GTK_THEME: theme,
      HOME: home,
      XDG_RUNTIME_DIR: home,
    },
  });
  await driver.while(untilListening(port));

  async function command(method: string, path: string, body?: object) {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    const response = await fetch(`http://127.0.0.1:${port}/session${path}`, init);
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.message}`);
    return value;
  }

  // What a page does not come to is the test's time limit to end, not the driver's of 30 s.
  const timeouts = { script: null };
  const capabilities = { alwaysMatch: { acceptInsecureCerts: true, timeouts } };
  const { sessionId } = await command('POST', '', { capabilities });
  onEnd(t, () => command('DELETE', `/${sessionId}`));
  return tabOf({
    show: (url) => command('POST', `/${sessionId}/url`, { url }),
    async evaluate(expression) {
      const script = `
        const done = arguments[0];
        (${expression}).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const { value, error } = await command('POST', `/${sessionId}/execute/async`, { script, args: [] });
      if (error !== undefined) throw new Error(`the page threw: ${error}`);
      return value;
    },
    // The window has a bar above the page.
    async resize(width, height) {
      const rect = await command('GET', `/${sessionId}/window/rect`);
      const script = 'return [innerWidth, innerHeight]';
      const [innerWidth, innerHeight] = await command('POST', `/${sessionId}/execute/sync`, {
        script,
        args: [],
      });
      const grown = { width: rect.width + width - innerWidth, height: rect.height + height - innerHeight };
      await command('POST', `/${sessionId}/window/rect`, grown);
    },
    picture: () => command('GET', `/${sessionId}/screenshot`),
  });
}
