// Matches that are played here and nowhere else: a minute of them takes a second.
const TEAMS = ['Arden', 'Brook', 'Calder', 'Dale', 'Esk', 'Fell', 'Glen', 'Holm'];
const MINUTE_MS = 1000;
const GOAL_CHANCE = 0.03;

export const channels = { 'console:demo:scores': { publish: 'nobody', retain: { count: 100 } } };

export function whileWatched(hub) {
  let minute = 0;
  let matches = [];
  let day = 0;
  const timer = setInterval(() => {
    minute = (minute % 90) + 1;
    if (minute === 1) [matches, day] = [draw(), Date.now()];
    for (const match of matches) {
      const goal = Math.random() < GOAL_CHANCE;
      if (goal) match.goals[Math.random() < 0.55 ? 0 : 1] += 1;
      // The whole state each time: who comes late needs nothing older. `type` tells what is worth a line.
      hub
        .publish('console:demo:scores', { ...match, minute, day }, goal ? { type: 'goal' } : {})
        .catch(() => {});
    }
  }, MINUTE_MS);
  return () => clearInterval(timer);
}

/** Everyone against somebody. */
function draw() {
  const teams = TEAMS.toSorted(() => Math.random() - 0.5);
  return [0, 2, 4, 6].map((index) => ({
    game: index / 2,
    teams: teams.slice(index, index + 2),
    goals: [0, 0],
  }));
}
