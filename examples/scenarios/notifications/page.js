/** What the server had to say, and how much of it is unread, in every tab alike. */
export default function notifications(fanwire, root) {
  root.innerHTML = `
    <div class="actions"><p role="status"><b>0</b> unread</p><button>Mark all as read</button></div>
    <ol class="feed" aria-label="Notifications" aria-live="polite" tabindex="0"></ol>
    <form class="row">
      <label>Remind every tab, in 3 seconds <input name="text" maxlength="200" value="The tea is ready." required /></label>
      <button>Remind</button>
    </form>`;
  const [count, markRead, feed, form] = root.querySelectorAll('b, button, .feed, form');
  let newest = 0;
  let readUntil = 0;

  function countUnread() {
    const items = [...feed.children];
    for (const item of items) item.toggleAttribute('data-unread', item.dataset.time > readUntil);
    count.textContent = items.filter((item) => item.hasAttribute('data-unread')).length;
  }
  const subscriptions = [
    fanwire.subscribe('console:demo:notifications', {
      last: 50,
      presence: {},
      onMessage({ time, data }) {
        const item = document.createElement('li');
        item.dataset.time = newest = time;
        const [when, what] = ['time', 'span'].map((tag) => item.appendChild(document.createElement(tag)));
        when.textContent = new Date(time).toLocaleTimeString();
        what.textContent = data.text;
        feed.prepend(item);
        countUnread();
      },
    }),
    fanwire.subscribe('console:demo:notifications:read', {
      last: 1,
      onMessage({ data }) {
        if (data?.until > readUntil) readUntil = data.until;
        countUnread();
      },
    }),
  ];

  markRead.onclick = () => void fanwire.publish('console:demo:notifications:read', { until: newest });
  form.onsubmit = (event) => {
    event.preventDefault();
    void fanwire.publish('console:demo:notifications:reminders', { text: form.text.value });
  };
  return () => {
    for (const each of subscriptions) each.close();
  };
}
