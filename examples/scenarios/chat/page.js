const TYPING_MS = 3000;

/** Messages, who is here, and who is typing. */
export default function chat(fanwire, root, { guest }) {
  root.innerHTML = `
    <p class="note"><b>Here:</b> <span class="here" role="status"></span></p>
    <ol class="feed" aria-label="Messages" aria-live="polite" tabindex="0"></ol>
    <p class="note typing"></p>
    <form class="row">
      <label class="short">Name <input name="nick" maxlength="30" required /></label>
      <label>Message <input name="text" maxlength="500" autocomplete="off" required /></label>
      <button>Send</button>
      <button type="button" class="plain">Clear for all</button>
    </form>`;
  const [here, feed, note, form] = root.querySelectorAll('.here, .feed, .typing, form');
  const { nick, text } = form.elements;
  const known = guest ?? sessionStorage.getItem('demo:nick');
  nick.value = known ?? `Guest ${Math.floor(Math.random() * 900) + 100}`;
  const remember = () => guest || sessionStorage.setItem('demo:nick', nick.value);
  remember();

  function show({ type, time, data: { name, text } }) {
    // A log is not rewritten: everyone begins anew at this mark, whoever comes later, too.
    if (type === 'clear') return feed.replaceChildren();
    const item = document.createElement('li');
    const [when, who, what] = ['time', 'b', 'span'].map((tag) =>
      item.appendChild(document.createElement(tag)),
    );
    when.textContent = new Date(time).toLocaleTimeString([], { timeStyle: 'short' });
    // Never innerHTML: anyone may publish anything.
    who.textContent = name;
    what.textContent = text;
    feed.append(item);
    feed.scrollTop = feed.scrollHeight;
  }

  let messages;
  function join() {
    messages?.close();
    feed.replaceChildren();
    const presence = { name: nick.value };
    messages = fanwire.subscribe('console:demo:chat', { last: 100, presence, onMessage: show });
    messages.ready.then(listMembers, () => {});
  }

  function listMembers() {
    const show = (members) => {
      // Somebody with two tabs, or changing the transport, is here once.
      here.textContent = [...new Set(members.map(({ data }) => data.name))].sort().join(', ');
    };
    // Not told, when this page is on its way out.
    fanwire.presence('console:demo:chat').then(show, () => {});
  }

  let typing = [];
  function showTyping(more = []) {
    typing = [...typing, ...more].filter(({ time }) => Date.now() - time < TYPING_MS);
    const names = new Set(typing.map(({ data }) => data.name).filter((name) => name !== nick.value));
    note.textContent = names.size ? `${[...names].join(', ')} typing …` : '';
  }

  let told = 0;
  text.oninput = () => {
    if (Date.now() - told < TYPING_MS / 3) return;
    told = Date.now();
    void fanwire.publish('console:demo:chat:typing', { name: nick.value });
  };
  nick.onchange = () => {
    remember();
    join();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    // It is shown when it comes back, in the order that everyone sees.
    const fail = (error) => (note.textContent = error.message);
    fanwire.publish('console:demo:chat', { name: nick.value, text: text.value }).catch(fail);
    text.value = '';
  };
  form.lastElementChild.onclick = () =>
    void fanwire.publish('console:demo:chat', { name: nick.value }, { type: 'clear' });
  join();
  const others = fanwire.subscribe('console:demo:chat:presence', listMembers);
  const typists = fanwire.subscribe('console:demo:chat:typing', (message) => showTyping([message]));
  const timer = setInterval(showTyping, 1000);
  return () => {
    clearInterval(timer);
    for (const each of [messages, others, typists]) each.close();
  };
}
