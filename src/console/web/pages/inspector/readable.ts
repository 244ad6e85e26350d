import { ENDPOINT_NAMES } from '../../../endpoint-name.ts';
import { isServed } from '../../shell/connection.ts';
import { SIMPLEST_FIRST } from '../../transports.ts';
import type { InspectedName } from './transports.ts';

/** What this hub can be read by, in the order of the choice. */
export const READABLE: readonly InspectedName[] = [...SIMPLEST_FIRST, ...ENDPOINT_NAMES.filter(isServed)];
