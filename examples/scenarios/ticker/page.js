/** A table of prices. */
export default function ticker(fanwire, root) {
  root.innerHTML = `
    <table>
      <thead><tr><th>Symbol</th><th class="figure">Price</th></tr></thead>
      <tbody></tbody>
    </table>
    <p class="note" role="status"></p>`;
  const body = root.querySelector('tbody');
  const note = root.querySelector('.note');
  const rows = new Map();
  let received = 0;

  const subscription = fanwire.subscribe('demo:ticker', ({ data: { symbol, price, changes } }) => {
    let row = rows.get(symbol);
    if (!row) {
      row = body.insertRow();
      row.insertCell().textContent = symbol;
      row.insertCell().className = 'figure';
      rows.set(symbol, row);
    }
    const cell = row.cells[1];
    cell.dataset.move = Number(price) < Number(cell.textContent) ? 'down' : 'up';
    cell.textContent = price;
    note.textContent = `${++received} messages received, of ${changes} changes published`;
  });
  return () => subscription.close();
}
