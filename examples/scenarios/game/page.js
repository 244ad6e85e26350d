const KEYS = { ArrowLeft: [-4, 0], ArrowRight: [4, 0], ArrowUp: [0, -4], ArrowDown: [0, 4] };

/** Gather coins, keep away from the monsters. A client that may choose moves to WebTransport by itself, where the hub serves it. */
export default function game(fanwire, root) {
  root.innerHTML = `
    <canvas width="640" height="360" tabindex="0" aria-label="Field: the arrow keys move you"></canvas>
    <p>Waiting for the world.</p>
    <p class="note">You are the green dot: move by pointer, finger or arrow keys. Rings are coins, squares bite.</p>`;
  const [canvas, status] = root.querySelectorAll('canvas, p');
  const pen = canvas.getContext('2d');
  Object.assign(pen, { font: '36px sans-serif', textAlign: 'center', textBaseline: 'middle' });
  const me = { name: `P${Math.floor(Math.random() * 9000) + 1000}`, x: 320, y: 180 };
  const held = new Set();
  const shown = new Map();
  let world = { players: [], monsters: [], coin: { x: -99, y: 0 } };
  let unanswered = 0;

  const subscription = fanwire.subscribe('console:demo:game', ({ data }) => {
    world = data;
    const scores = world.players.map(({ name, score }) => `${name === me.name ? 'you' : name} ${score}`);
    status.textContent = `${scores.length} playing: ${scores.join(', ')}`;
  });
  const timer = setInterval(() => {
    for (const key of held) [me.x, me.y] = [me.x + KEYS[key][0], me.y + KEYS[key][1]];
    [me.x, me.y] = [Math.min(640, Math.max(0, me.x)), Math.min(360, Math.max(0, me.y))];
    // A network that can't keep up gets fewer of them, not older ones.
    if (unanswered === 30) return;
    unanswered++;
    const answered = () => unanswered--;
    fanwire.publish('console:demo:game:player', me).then(answered, answered);
  }, 1000 / 60);

  /** A third of the way to the newest place with each frame, so that what comes late or seldom doesn't jerk. */
  function draw(key, sign, colour, to) {
    const at = shown.get(key) ?? { ...to };
    shown.set(key, at);
    for (const axis of ['x', 'y']) at[axis] += (to[axis] - at[axis]) / 3;
    pen.fillStyle = getComputedStyle(canvas).getPropertyValue(colour);
    pen.fillText(sign, at.x, at.y);
  }
  let frame = requestAnimationFrame(function paint() {
    pen.clearRect(0, 0, 640, 360);
    draw('coin', '◎', '--wait', world.coin);
    for (const each of world.players) if (each.name !== me.name) draw(each.name, '●', '--quiet', each);
    for (const [index, monster] of world.monsters.entries()) draw(index, '■', '--fault', monster);
    draw('me', '●', '--accent', me);
    frame = requestAnimationFrame(paint);
  });

  canvas.onpointermove = canvas.onpointerdown = ({ offsetX, offsetY }) => {
    [me.x, me.y] = [offsetX, offsetY].map((at) => (at * 640) / canvas.clientWidth);
  };
  // False keeps the page from scrolling.
  canvas.onkeydown = ({ key }) => !(KEYS[key] && held.add(key));
  canvas.onkeyup = ({ key }) => held.delete(key);
  return () => {
    cancelAnimationFrame(frame);
    clearInterval(timer);
    subscription.close();
  };
}
