const KEPT = 'demo:progress';
const megabytes = (bytes) => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** Starts a job on the server, and shows how far it is; a reload finds it again. */
export default function progress(fanwire, root) {
  root.innerHTML = `
    <p>Compresses the node program that this hub runs on, and hashes the result.</p>
    <div class="actions"><button>Start</button><button disabled>Cancel</button></div>
    <progress value="0" aria-label="Progress"></progress>
    <p role="status">Nothing is running.</p>
    <p class="note digest"></p>`;
  const [begin, cancel, bar, status, digest] = root.querySelectorAll('button, progress, [role], .digest');
  let job = JSON.parse(sessionStorage.getItem(KEPT));
  let subscription;

  function keep(changed) {
    job = changed;
    sessionStorage.setItem(KEPT, JSON.stringify(job));
    begin.disabled = job?.ended === false;
    cancel.disabled = !begin.disabled;
  }
  function read() {
    subscription?.close();
    subscription = fanwire.subscribe(`console:demo:progress:${job.id}`, { last: 1, onMessage });
  }
  function onMessage({ data: { done = 0, total = 1, compressed, sha256, failed } }) {
    bar.value = done / total;
    status.textContent = failed ?? `${megabytes(done)} of ${megabytes(total)}`;
    if (sha256) status.textContent = `${megabytes(total)} became ${megabytes(compressed)}`;
    digest.textContent = sha256 ? `SHA-256 ${sha256}` : '';
    if (failed || sha256) keep({ ...job, ended: true });
  }
  /** After a reconnect too: a job that the server has goes on, one that it lost with its process begins anew. */
  function ask() {
    if (job?.ended === false) void fanwire.publish('console:demo:progress', { start: job.id });
  }

  begin.onclick = () => {
    keep({ id: crypto.getRandomValues(new Uint32Array(4)).join('-'), ended: false });
    read();
    ask();
  };
  cancel.onclick = () => void fanwire.publish('console:demo:progress', { cancel: job.id });
  keep(job);
  if (job) read();
  const off = fanwire.onStatus(({ state }) => state === 'connected' && ask());
  return () => {
    off();
    subscription?.close();
  };
}
