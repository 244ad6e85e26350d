// The server decides: pages say where their player is, and get the whole world back, 60 times a second each way.
export const channels = {
  'console:demo:game:player': { read: 'nobody', ephemeral: true },
  // The newest world alone is kept, for pages that poll.
  'console:demo:game': { publish: 'nobody', retain: { count: 1 } },
};

export function whileWatched(hub) {
  const players = new Map();
  const monsters = [0.8, 1.1, 1.4].map((speed) => ({ speed, ...somewhere() }));
  let coin = somewhere();
  const moves = hub.subscribe('console:demo:game:player', ({ data }) => {
    const name = String(data?.name).slice(0, 12);
    const [x, y] = [Number(data?.x) || 0, Number(data?.y) || 0];
    players.set(name, { name, x, y, score: players.get(name)?.score ?? 0, seen: Date.now() });
  });
  const timer = setInterval(() => {
    for (const [name, { seen }] of players) if (Date.now() - seen > 3000) players.delete(name);
    for (const monster of monsters) {
      const prey =
        [...players.values()].sort((a, b) => distance(a, monster) - distance(b, monster))[0] ?? coin;
      const share = monster.speed / Math.max(1, distance(prey, monster));
      monster.x += (prey.x - monster.x) * share;
      monster.y += (prey.y - monster.y) * share;
      if (distance(prey, monster) < 16) [prey.score, monster.x] = [0, (monster.x + 320) % 640];
    }
    const winner = [...players.values()].find((player) => distance(player, coin) < 20);
    if (winner) [winner.score, coin] = [winner.score + 1, somewhere()];
    hub.publish('console:demo:game', { players: [...players.values()], monsters, coin }).catch(() => {});
  }, 1000 / 60);
  return () => {
    clearInterval(timer);
    moves.close();
  };
}

const somewhere = () => ({ x: Math.random() * 640, y: Math.random() * 360 });
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
