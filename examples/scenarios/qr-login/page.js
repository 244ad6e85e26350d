import { renderSVG } from 'uqr';

/** The screen that waits to be let in; with `?code=` in its address, the phone that lets it in. */
export default function qrLogin(fanwire, root, { connect }) {
  const scanned = new URLSearchParams(location.search).get('code');
  return scanned ? phone(fanwire, root, scanned) : screen(fanwire, root, connect);
}

function screen(fanwire, root, connect) {
  root.innerHTML = `
    <div class="login">
      <a target="_blank" aria-label="The code, as a link"></a>
      <div><p role="status">Asking for a code …</p>
        <p class="note">Scan it, or follow it as a link: it opens in a second tab.</p>
        <p class="note reach"></p>
        <button>New code</button></div>
    </div>
    <table>
      <thead><tr><th>Carried by</th><th class="figure">Delay after the confirmation</th></tr></thead>
      <tr><td>The transport that is chosen</td><td class="figure">–</td></tr>
      <tr><td>Polling every 2 s, beside it</td><td class="figure">–</td></tr>
    </table>`;
  const [link, status, reach, renew] = root.querySelectorAll('a, [role=status], .reach, button');
  const delays = root.querySelectorAll('td.figure');
  const clients = [fanwire, connect({ transports: ['polling'], pollIntervalMs: 2000 })];
  let subscriptions = [];

  function begin() {
    for (const each of subscriptions) each.close();
    for (const each of delays) each.textContent = '–';
    // Not randomUUID: it takes https, and a phone of the same network comes by http.
    const code = crypto.getRandomValues(new Uint32Array(4)).join('-');
    link.href = `?code=${code}`;
    link.innerHTML = renderSVG(link.href, { border: 3 });
    subscriptions = clients.map((client, index) =>
      client.subscribe(`console:demo:qr-login:${code}`, {
        after: 'start',
        onMessage: ({ data }) => show(data, delays[index]),
      }),
    );
    void fanwire.publish('console:demo:qr-login', { begin: code });
  }
  function show({ state, at, until }, delay) {
    if (state === 'waiting') status.textContent = `Waiting until ${new Date(until).toLocaleTimeString()}`;
    else status.textContent = state === 'confirmed' ? 'Logged in.' : 'The code has expired.';
    if (state === 'confirmed') delay.textContent = `${Math.max(0, Date.now() - at)} ms`;
  }
  if (/^(localhost|127|\[::1)/.test(location.host))
    reach.textContent = 'No phone reaches this hub: it listens on this machine alone.';
  renew.onclick = begin;
  begin();
  return () => clients[1].close();
}

function phone(fanwire, root, code) {
  root.innerHTML = '<p role="status">Looking for the code …</p><button disabled>Log the screen in</button>';
  const [status, button] = root.querySelectorAll('p, button');
  const sentences = { waiting: 'Log in on the other screen?', confirmed: 'The screen is logged in.' };
  const onMessage = ({ data: { state } }) => {
    status.textContent = sentences[state] ?? 'The code has expired.';
    button.disabled = state !== 'waiting';
  };
  const subscription = fanwire.subscribe(`console:demo:qr-login:${code}`, { after: 'start', onMessage });
  button.onclick = () => fanwire.publish('console:demo:qr-login', { confirm: code });
  return () => subscription.close();
}
