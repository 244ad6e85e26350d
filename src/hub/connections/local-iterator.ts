/** `AsyncIterableIterator<Value, undefined>`, of which TypeScript before 5.6 knows the first parameter alone. */
export interface LocalIterator<Value> extends AsyncIterator<Value, undefined> {
  [Symbol.asyncIterator](): LocalIterator<Value>;
}
