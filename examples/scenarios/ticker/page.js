/** Prices, as they come: the newest of each four times a second, or every change. */
export default function ticker(fanwire, root) {
  root.innerHTML = `
    <fieldset class="choice">
      <legend>Prices, made up</legend>
      <label><input type="radio" name="channel" value="console:demo:ticker" checked /><span>Conflated</span></label>
      <label><input type="radio" name="channel" value="console:demo:ticker:all" /><span>Every change</span></label>
    </fieldset>
    <p class="note" role="status">Waiting for the first price.</p>
    <table>
      <thead><tr><th>Symbol</th><th class="figure">Price</th><th class="figure">Change</th></tr></thead>
      <tbody></tbody>
    </table>`;
  const [choice, note, body] = root.querySelectorAll('fieldset, tbody, p');
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
    return row;
  }

  choice.onchange = ({ target }) => read(target.value);
  read('console:demo:ticker');
  return () => subscription.close();
}
