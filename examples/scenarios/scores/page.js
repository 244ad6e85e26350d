/** A board of matches, and the goals as they fall. */
export default function scores(fanwire, root) {
  root.innerHTML = `
    <table>
      <thead><tr><th>Home</th><th class="score">Score</th><th>Away</th><th class="figure">Minute</th></tr></thead>
      <tbody></tbody>
    </table>
    <h3>Goals</h3>
    <ol class="feed" aria-label="Goals" aria-live="polite" tabindex="0"></ol>
    <p class="note">The matches are made up: a minute takes a second.</p>`;
  const [board, goals] = root.querySelectorAll('tbody, .feed');
  const rows = [0, 1, 2, 3].map(addRow);

  function addRow() {
    const row = board.insertRow();
    for (const name of ['', 'score', '', 'figure']) {
      Object.assign(row.insertCell(), { className: name, textContent: '–' });
    }
    return row;
  }
  let shownDay;
  const subscription = fanwire.subscribe('console:demo:scores', {
    // The newest of each match, and the goals among the rest.
    last: 100,
    onMessage({ type, data: { game, teams, goals: score, minute, day } }) {
      // What is left of matches before these is no news.
      if (day !== shownDay) goals.replaceChildren();
      shownDay = day;
      const texts = [teams[0], score.join(' : '), teams[1], `${minute}′`];
      for (const [index, cell] of [...rows[game].cells].entries()) cell.textContent = texts[index];
      if (type !== 'goal') return;
      const item = document.createElement('li');
      item.textContent = `${minute}′ ${teams.join(' – ')} ${score.join(' : ')}`;
      goals.prepend(item);
      if (goals.childElementCount > 30) goals.lastChild.remove();
    },
  });
  return () => subscription.close();
}
