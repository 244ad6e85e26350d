import * as Y from 'yjs';

const SNAPSHOT_EVERY = 300;
const CURSOR_LIFE_MS = 15_000;

/** A text that several people write at once. */
export default function editor(fanwire, root) {
  root.innerHTML = `
    <label>Text, everyone’s <textarea rows="12" maxlength="20000" spellcheck="false"></textarea></label>
    <p class="note" role="status">Nobody else is writing.</p>`;
  const [area, note] = root.querySelectorAll('textarea, .note');
  const doc = new Y.Doc();
  const text = doc.getText();
  let sinceSnapshot = 0;

  const updates = fanwire.subscribe('console:demo:editor', {
    after: 'start',
    onMessage({ data, type }) {
      if (!(data instanceof Uint8Array)) return;
      sinceSnapshot = type === 'snapshot' ? 0 : sinceSnapshot + 1;
      // Held by the letters beside it, the cursor moves with them.
      const ends = [area.selectionStart, area.selectionEnd];
      const held = ends.map((index) => Y.createRelativePositionFromTypeIndex(text, index));
      Y.applyUpdate(doc, data, 'remote');
      if (area.value === text.toString()) return;
      area.value = text.toString();
      const at = held.map((place) => Y.createAbsolutePositionFromRelativePosition(place, doc).index);
      area.setSelectionRange(...at);
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
    const most = Math.min(before.length, after.length);
    let [head, tail] = [0, 0];
    while (head < most && before[head] === after[head]) head++;
    while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
    const inner = (letters) => letters.slice(head, letters.length - tail).join('');
    const start = before.slice(0, head).join('').length;
    doc.transact(() => {
      text.delete(start, inner(before).length);
      text.insert(start, inner(after));
    });
  };

  // The name that the chat knows.
  const me = sessionStorage.getItem('demo:nick') ?? `Guest ${Math.floor(Math.random() * 900) + 100}`;
  sessionStorage.setItem('demo:nick', me);
  const others = new Map();
  const cursors = fanwire.subscribe('console:demo:editor:cursors', ({ data: { name, line } }) => {
    if (name !== me) others.set(name, { line, until: Date.now() + CURSOR_LIFE_MS });
    showCursors();
  });
  function showCursors() {
    const here = [...others].filter(([, { until }]) => until > Date.now());
    const places = here.map(([name, { line }]) => `${name} is at line ${line}`);
    note.textContent = places.join(', ') || 'Nobody else is writing.';
  }
  let told = { line: 0, at: 0 };
  function tellCursor() {
    const line = area.value.slice(0, area.selectionStart).split('\n').length;
    if (line === told.line && Date.now() - told.at < CURSOR_LIFE_MS / 3) return;
    told = { line, at: Date.now() };
    void fanwire.publish('console:demo:editor:cursors', { name: me, line });
  }
  const fail = (error) => {
    note.textContent = error.message;
  };
  area.onselect = area.onkeyup = area.onclick = tellCursor;
  const timer = setInterval(showCursors, 1000);
  return () => {
    clearInterval(timer);
    updates.close();
    cursors.close();
    doc.destroy();
  };
}
