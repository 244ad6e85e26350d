import type { Engine } from './engine.ts';

/**
 *   idle ──open──► starting ──started──► standing ──disturbed──► recovering ──recovered──► standing
 *   recovering ──disturbed──► unsettled ──recovered──► recovering
 *   (standing, recovering, unsettled) ──disconnected──► lost ──reconnected──► recovering
 *   (any) ──close──► closed
 */
export type LogState =
  | { readonly kind: 'idle' }
  /** Calls wait for the engine within their time limit, and pass in the order in which they were made. */
  | (WithEngine & { readonly kind: 'starting' | 'standing' })
  /** It is made sure of the stream; then readers read what they may have missed. Unsettled: and then all of it again. */
  | (WithEngine & { readonly kind: 'recovering' | 'unsettled' })
  /** Nothing is sent: the driver would keep it, and send what was refused long ago. */
  | (WithEngine & { readonly kind: 'lost' })
  | { readonly kind: 'closed' };

interface WithEngine {
  readonly engine: Promise<Engine>;
}

export type LogEvent =
  | (WithEngine & { readonly kind: 'open' | 'recovered' })
  | { readonly kind: 'started' | 'disturbed' | 'disconnected' | 'reconnected' | 'close' };

/** @param prepare makes sure of the stream before anything else is asked of the engine */
export function stateAfter(
  state: LogState,
  event: LogEvent,
  prepare: (engine: Promise<Engine>) => Promise<Engine>,
): LogState {
  if (event.kind === 'close') return { kind: 'closed' };
  if (state.kind === 'closed') return state;
  if (state.kind === 'idle')
    return event.kind === 'open' ? { kind: 'starting', engine: event.engine } : state;
  const { kind, engine } = state;
  switch (event.kind) {
    case 'started':
      return { kind: 'standing', engine };
    case 'disturbed':
      if (kind === 'standing') return { kind: 'recovering', engine: prepare(engine) };
      return kind === 'recovering' ? { kind: 'unsettled', engine } : state;
    case 'disconnected':
      return { kind: 'lost', engine };
    case 'reconnected':
      return { kind: 'recovering', engine: prepare(engine) };
    case 'recovered':
      // Another recovery has begun since.
      if (event.engine !== engine) return state;
      if (kind === 'recovering') return { kind: 'standing', engine };
      return kind === 'unsettled' ? { kind: 'recovering', engine: prepare(engine) } : state;
    case 'open':
      return state;
  }
}
