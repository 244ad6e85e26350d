const KEPT = 60;
const SVG = 'http://www.w3.org/2000/svg';

/** A tile a sensor: its newest reading, and the minute before. */
export default function iot(fanwire, root) {
  root.innerHTML = '<div class="tiles"></div>';
  const tiles = new Map();

  const subscription = fanwire.subscribe('console:demo:iot', {
    last: 480,
    onMessage({ data: { name, unit, value } }) {
      if (!tiles.has(name)) tiles.set(name, addTile(root.firstChild, name));
      tiles.get(name)(value, unit);
    },
  });
  return () => subscription.close();
}

/** @returns what shows a reading, null where there is no such sensor */
function addTile(parent, name) {
  const tile = parent.appendChild(document.createElement('figure'));
  tile.innerHTML = '<figcaption></figcaption><p class="reading"><span></span> <small></small></p>';
  const [caption, figure, small] = tile.querySelectorAll('figcaption, span, small');
  const svg = tile.appendChild(document.createElementNS(SVG, 'svg'));
  const line = svg.appendChild(document.createElementNS(SVG, 'polyline'));
  svg.setAttribute('viewBox', `0 0 ${KEPT - 1} 20`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  caption.textContent = name;
  let values = [];

  return (value, unit) => {
    figure.textContent = value === null ? '–' : value.toFixed(value < 100 ? 1 : 0);
    small.textContent = value === null ? 'none here' : unit;
    values = [...values, value ?? 0].slice(-KEPT);
    const top = Math.max(...values) || 1;
    const from = KEPT - values.length;
    line.setAttribute(
      'points',
      values.map((each, index) => `${from + index},${20 - (19 * each) / top}`).join(' '),
    );
  };
}
