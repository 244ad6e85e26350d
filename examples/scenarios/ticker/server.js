// Prices that change far more often than anyone can read them: the hub passes on the newest of each, four times a second.
const SYMBOLS = ['ALPHA', 'BRAVO', 'CHARLIE', 'DELTA', 'ECHO', 'FOXTROT'];
const CHANGES_A_SECOND = 200;

export const channels = {
  'console:demo:ticker': { publish: 'nobody', conflateMs: 250, retain: { count: 100 } },
  // The same without that, to compare.
  'console:demo:ticker:all': { publish: 'nobody', retain: { count: 100 } },
  'console:demo:ticker:orders': { read: 'nobody', ephemeral: true },
  'console:demo:ticker:fills': { publish: 'nobody', retain: { count: 20 } },
};

/** They hold while nobody watches, too: an order may come before the first change. */
const prices = new Map(SYMBOLS.map((symbol) => [symbol, 100]));

export function whileWatched(hub) {
  let changes = 0;
  const timer = setInterval(() => {
    const symbol = SYMBOLS[Math.floor(Math.random() * SYMBOLS.length)];
    const price = prices.get(symbol) * (1 + (Math.random() - 0.5) / 200);
    prices.set(symbol, price);
    const change = `${(price - 100).toFixed(2)} %`;
    const data = { symbol, price: price.toFixed(2), change, changes: ++changes };
    // `key` names what a newer message replaces while it is held back.
    hub.publish('console:demo:ticker', data, { key: symbol }).catch(() => {});
    hub.publish('console:demo:ticker:all', data).catch(() => {});
  }, 1000 / CHANGES_A_SECOND);
  return () => clearInterval(timer);
}

export function start(hub) {
  // An order is filled at the price that holds when it arrives, whatever its sender saw.
  const orders = hub.subscribe('console:demo:ticker:orders', ({ data, from }) => {
    const { symbol, side, at } = Object(data);
    const price = prices.get(symbol)?.toFixed(2);
    const fill = { symbol, side: side === 'Buy' ? 'Bought' : 'Sold', price, at: Number(at), from };
    if (price) hub.publish('console:demo:ticker:fills', fill).catch(() => {});
  });
  return () => orders.close();
}
