// A screen shows a code, a phone that is logged in confirms it, the screen is told. A code is good once, and not for long.
const LIFE_MS = 60_000;

export const channels = {
  'console:demo:qr-login': { read: 'nobody', retain: { ageMs: 60_000 } },
  // Who knows the code may read what becomes of it, and only the server says that.
  'console:demo:qr-login:*': { publish: 'nobody', retain: { count: 2, ageMs: 2 * LIFE_MS } },
};

export function start(hub) {
  const timers = new Map();
  const tell = (code, state, more) =>
    hub.publish(`console:demo:qr-login:${code}`, { state, at: Date.now(), ...more });

  const commands = hub.subscribe('console:demo:qr-login', ({ data }) => {
    const { begin, confirm } = data ?? {};
    if (isCode(begin) && !timers.has(begin)) {
      const expire = () => timers.delete(begin) && tell(begin, 'expired').catch(() => {});
      timers.set(begin, setTimeout(expire, LIFE_MS));
      return tell(begin, 'waiting', { until: Date.now() + LIFE_MS });
    }
    if (!isCode(confirm)) return;
    clearTimeout(timers.get(confirm));
    // Of a code that was used, has expired, or was begun before the server's last start nothing is known.
    return tell(confirm, timers.delete(confirm) ? 'confirmed' : 'expired');
  });
  return () => {
    commands.close();
    for (const timer of timers.values()) clearTimeout(timer);
  };
}

const isCode = (code) => /^[\d-]{7,43}$/.test(code);
