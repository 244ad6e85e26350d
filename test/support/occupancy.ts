import { EventEmitter, once } from 'node:events';
import type { HubOptions } from '../../src/index.ts';

/** Tells a test that a channel got its first subscriber, a parked request for example, or lost its last. */
export interface Occupancy {
  readonly options: Pick<HubOptions, 'onOccupied' | 'onVacated'>;
  occupied(): Promise<unknown>;
  vacated(): Promise<unknown>;
}

export function watchOccupancy(): Occupancy {
  const events = new EventEmitter();
  return {
    options: {
      onOccupied: () => void events.emit('occupied'),
      onVacated: () => void events.emit('vacated'),
    },
    occupied: () => once(events, 'occupied'),
    vacated: () => once(events, 'vacated'),
  };
}
