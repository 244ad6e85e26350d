import type { Effect, Event, State } from './state.ts';

/** What the difference between two states asks for: so that what is opened is closed, by construction. */
export function effectsOf(before: State, event: Event, after: State): Effect[] {
  const effects: Effect[] = [];
  const known = idsIn(before);
  for (const { id, transport } of after.round?.trials ?? []) {
    if (!known.includes(id)) effects.push({ kind: 'open', id, transport });
  }
  const link = before.link?.id;
  if (after.link && after.link.id !== link) effects.push({ kind: 'adopt', id: after.link.id });
  const kept = idsIn(after);
  for (const id of known) {
    if (kept.includes(id)) continue;
    // The hub is told of the application's goodbye, not of a change of links.
    effects.push({ kind: id === link && event.kind === 'close' ? 'leave' : 'close', id });
  }
  if (event.kind === 'wake' && event.suspect && link) effects.push({ kind: 'check', id: link });
  const { worked } = after.past;
  if (worked && worked !== before.past.worked) effects.push({ kind: 'remember', transport: worked });
  return effects;
}

function idsIn({ link, round }: State): number[] {
  return [...(link ? [link] : []), ...(round?.trials ?? [])].map(({ id }) => id);
}
