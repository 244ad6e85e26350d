const CHANNEL = 'console:demo:ai-answer';

/** A question, and its answer token by token. */
export default function aiAnswer(fanwire, root) {
  root.innerHTML = `
    <form class="row">
      <label>Question <input name="question" maxlength="200" required /></label>
      <button>Ask</button>
    </form>
    <p class="answer" aria-live="polite"></p>
    <p class="note" role="status"></p>
    <p class="note">Put together on this machine from a few written sentences: no model is asked.</p>`;
  const [form, text, note] = root.querySelectorAll('form, .answer, [role=status]');
  let current = JSON.parse(sessionStorage.getItem(CHANNEL));
  let received = 0;
  let subscription;

  function keep(changed) {
    current = changed;
    sessionStorage.setItem(CHANNEL, JSON.stringify(changed));
  }
  function read() {
    subscription?.close();
    text.textContent = note.textContent = '';
    received = 0;
    // From its start: what came while nobody read is in the log.
    subscription = fanwire.subscribe(`${CHANNEL}:${current.id}`, { after: 'start', onMessage });
  }
  function onMessage({ data: { at, token, last } }) {
    // Asked twice, a hub may tell a token twice.
    if (at !== received) return;
    received += 1;
    Object.assign(text, { ariaBusy: String(!last) }).append(token);
    note.textContent = `${received} tokens${last ? ', complete' : ' …'}`;
    if (last) keep({ ...current, complete: true });
  }
  /** A hub that was restarted in mid-answer has forgotten it, and is told where to go on. */
  function ask() {
    if (current && !current.complete) void fanwire.publish(CHANNEL, { ...current, from: received });
  }
  form.question.value = current?.question ?? 'How do polling and a WebSocket differ?';
  form.onsubmit = (event) => {
    event.preventDefault();
    keep({ id: crypto.getRandomValues(new Uint32Array(4)).join('-'), question: form.question.value });
    read();
    ask();
  };
  if (current) read();
  const off = fanwire.onStatus(({ state }) => state === 'connected' && ask());
  return () => {
    off();
    subscription?.close();
  };
}
