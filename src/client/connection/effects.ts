import type { Effect, State } from './state.ts';

/** The effects follow from the difference between two states, so that every link that was opened is closed. */
export function effectsOf(before: State, after: State): Effect[] {
  const effects: Effect[] = [];
  const known = idsIn(before);
  const kept = idsIn(after);
  for (const { id, transport } of after.round?.trials ?? []) {
    if (!known.includes(id)) effects.push({ kind: 'open', id, transport });
  }
  if (after.link && after.link.id !== before.link?.id) effects.push({ kind: 'adopt', id: after.link.id });
  for (const id of known) if (!kept.includes(id)) effects.push({ kind: 'close', id });
  return effects;
}

function idsIn({ link, round }: State): number[] {
  return [...(link ? [link] : []), ...(round?.trials ?? [])].map(({ id }) => id);
}
