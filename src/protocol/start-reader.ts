import { FanwireError } from './errors.ts';
import { parsePosition } from './position.ts';
import { FROM_NOW, FROM_START, type Start } from './start.ts';

/**
 * Where to start from, as `after` and `last` say it in a URL or a frame; undefined when neither is given.
 * @throws FanwireError `invalid_position`
 */
export function readStart(after: string | undefined, last: number | undefined): Start | undefined {
  if (last !== undefined) return { kind: 'last', count: last };
  if (after === undefined) return undefined;
  if (after === 'now') return FROM_NOW;
  if (after === 'start') return FROM_START;
  const position = parsePosition(after);
  if (!position) {
    throw new FanwireError(
      'invalid_position',
      `“${after.slice(0, 60)}” is no position: send one as the hub gave it, or start or now`,
    );
  }
  return { kind: 'after', position };
}
