import * as Y from 'yjs';

const SNAPSHOT_EVERY = 300;
const CURSOR_LIFE_MS = 15_000;
const NOBODY = 'Nobody else is writing.';

/** A text that several people write at once. */
export default function editor(fanwire, root, { guest }) {
  root.innerHTML = `
    <label>Text, everyone’s <span class="paper"><textarea rows="12" maxlength="20000" spellcheck="false"></textarea>
      <span class="carets" aria-hidden="true"></span></span></label>
    <p class="note" role="status">${NOBODY}</p>`;
  const [area, carets, note] = root.querySelectorAll('textarea, .carets, .note');
  const doc = new Y.Doc();
  const text = doc.getText();
  let sinceSnapshot = 0;
  // Held by the letters beside it, a cursor moves with them.
  const placeOf = (index) => Y.createRelativePositionFromTypeIndex(text, index);
  const indexOf = (place) => Y.createAbsolutePositionFromRelativePosition(place, doc)?.index;
  const updates = fanwire.subscribe('console:demo:editor', {
    after: 'start',
    onMessage({ data, type }) {
      if (!(data instanceof Uint8Array)) return;
      sinceSnapshot = type === 'snapshot' ? 0 : sinceSnapshot + 1;
      const held = [area.selectionStart, area.selectionEnd].map(placeOf);
      Y.applyUpdate(doc, data, 'remote');
      if (area.value === text.toString()) return;
      area.value = text.toString();
      area.setSelectionRange(...held.map(indexOf));
    },
  });
  doc.on('update', (update, origin) => {
    if (origin === 'remote') return;
    const snapshot = sinceSnapshot >= SNAPSHOT_EVERY;
    if (snapshot) sinceSnapshot = 0;
    const data = snapshot ? Y.encodeStateAsUpdate(doc) : update;
    fanwire.publish('console:demo:editor', data, { type: snapshot ? 'snapshot' : 'update' }).catch(fail);
  });

  /** What a textarea's event does not tell: what was there before, and what has taken its place. */
  area.oninput = () => {
    // By character, not by code unit: half of one can't be merged.
    const [before, after] = [[...text.toString()], [...area.value]];
    let [head, tail, most] = [0, 0, Math.min(before.length, after.length)];
    while (head < most && before[head] === after[head]) head++;
    while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
    const inner = (letters) => letters.slice(head, letters.length - tail).join('');
    const start = before.slice(0, head).join('').length;
    doc.transact(() => {
      text.delete(start, inner(before).length);
      text.insert(start, inner(after));
    });
  };

  const me = guest ?? sessionStorage.getItem('demo:nick') ?? `Guest ${100 + (Date.now() % 900)}`;
  if (!guest) sessionStorage.setItem('demo:nick', me);
  const others = new Map();
  const cursors = fanwire.subscribe('console:demo:editor:cursors', ({ data: { name, place } }) => {
    if (name !== me && place) others.set(name, { place, until: Date.now() + CURSOR_LIFE_MS });
    showCursors();
  });
  /** Over the text stands the same text, unseen, with a mark where somebody is. */
  function showCursors() {
    const words = [];
    carets.replaceChildren();
    for (const [name, { place, until }] of others) {
      if (until < Date.now()) continue;
      const before = area.value.slice(0, indexOf(Y.createRelativePositionFromJSON(place)));
      words.push(`${name} is at line ${before.split('\n').length}`);
      const layer = carets.appendChild(document.createElement('span'));
      layer.textContent = before;
      layer.appendChild(document.createElement('i')).dataset.name = name;
    }
    note.textContent = words.join(', ') || NOBODY;
    carets.style.translate = `0 ${-area.scrollTop}px`;
  }
  const fail = (error) => (note.textContent = error.message);
  area.onselect =
    area.onkeyup =
    area.onclick =
      () =>
        void fanwire.publish('console:demo:editor:cursors', {
          name: me,
          place: placeOf(area.selectionStart),
        });
  area.onscroll = showCursors;
  const timer = setInterval(showCursors, 1000);
  return () => {
    clearInterval(timer);
    for (const each of [updates, cursors]) each.close();
    doc.destroy();
  };
}
