/** Prices, the newest of each four times a second or every change, and orders, which the server fills. */
export default function ticker(fanwire, root) {
  root.innerHTML = `
    <form><fieldset class="choice">
      <legend>Prices, made up</legend>
      <label><input type="radio" name="channel" value="console:demo:ticker" checked /><span>Conflated</span></label>
      <label><input type="radio" name="channel" value="console:demo:ticker:all" /><span>Every change</span></label>
    </fieldset></form>
    <p class="note" role="status">Waiting for the first price.</p>
    <table>
      <thead><tr><th>Symbol</th><th class="figure">Price</th><th class="figure">Change</th><th>Order</th></tr></thead>
      <tbody></tbody>
    </table>
    <ol class="feed" aria-label="Orders of everyone" tabindex="0"></ol>`;
  const [choice, note, body, feed] = root.querySelectorAll('fieldset, tbody, p, ol');
  const rows = new Map();
  let subscription;

  function read(channel) {
    subscription?.close();
    let [received, first] = [0, undefined];
    subscription = fanwire.subscribe(channel, ({ data }) => {
      show(data);
      first ??= data.changes;
      note.textContent = `${++received} messages received for ${data.changes - first + 1} changes`;
    });
  }
  function show({ symbol, price, change }) {
    if (!rows.has(symbol)) rows.set(symbol, addRow(symbol));
    const [, now, sinceStart] = rows.get(symbol).cells;
    now.dataset.move = Number(price) < Number(now.textContent) ? 'down' : 'up';
    now.textContent = price;
    sinceStart.textContent = change;
  }
  function addRow(symbol) {
    const row = body.insertRow();
    row.insertCell().textContent = symbol;
    for (let cell = 0; cell < 2; cell++) row.insertCell().className = 'figure';
    row.insertCell().innerHTML = '<button class="plain">Buy</button><button class="plain">Sell</button>';
    return row;
  }

  body.onclick = ({ target }) => {
    if (target.tagName !== 'BUTTON') return;
    const [symbol, side] = [target.closest('tr').cells[0].textContent, target.textContent];
    // Sent until the log has it, and taken once, whatever the network does meanwhile.
    void fanwire.publish('console:demo:ticker:orders', { symbol, side, at: Date.now() });
  };
  const onMessage = ({ data: { symbol, side, price, at, from } }) => {
    const after = from === fanwire.status.from ? `, ${Date.now() - at} ms after your click` : '';
    const textContent = `${side} ${symbol} at ${price}${after}`;
    feed.prepend(Object.assign(document.createElement('li'), { textContent }));
  };
  const fills = fanwire.subscribe('console:demo:ticker:fills', { last: 20, onMessage });
  choice.onchange = ({ target }) => read(target.value);
  read('console:demo:ticker');
  return () => [fills, subscription].map((each) => each.close());
}
