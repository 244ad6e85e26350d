import { FanwireError } from './errors.ts';

/**
 * JSON of what an application gives. What JSON would leave out or write as something else is refused, by name: a Map would
 * become `{}`, and NaN null.
 * @throws FanwireError `invalid_json`; TypeError for a cycle
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string, held: unknown) {
    const given = this[key];
    // `[object Date]`: whatever has a `toJSON` has become something else by now; but not bytes of Node, nor a Date that is none.
    const other = ArrayBuffer.isView(given) || held === null ? given : held;
    const kind = {}.toString.call(other).slice(8, -1);
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
