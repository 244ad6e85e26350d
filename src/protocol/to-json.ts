import { FanwireError } from './errors.ts';

/**
 * JSON of what an application gives. What JSON would leave out or write as something else is refused, by name: a Map would
 * become `{}`, and NaN null.
 * @throws FanwireError `invalid_json`; TypeError for a cycle
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: unknown, key: string, held: unknown) {
    // `[object Date]`: whatever has a `toJSON` has become something else by now.
    const kind = Object.prototype.toString.call(held).slice(8, -1);
    const lost =
      kind === 'Undefined'
        ? Array.isArray(this)
        : !/^(Object|Array|String|Boolean|Null)$/.test(kind) && !Number.isFinite(held);
    if (lost)
      throw new FanwireError(
        'invalid_json',
        `${kind === 'Number' ? held : kind} at “${key}”: JSON has no such value`,
      );
    return held;
  });
}
