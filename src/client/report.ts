/** Calls a handler of the application, whose error must break neither the connection nor the next handler, be it async or not. */
export function guarded<T>(
  handler: (value: T) => unknown,
  onError: (error: unknown) => void,
): (value: T) => void {
  return (value) => {
    try {
      const result = handler(value);
      if (result instanceof Promise) result.catch(onError);
    } catch (error) {
      onError(error);
    }
  };
}

/**
 * Takes errors that nobody else takes. Each is said once, however many it concerns, and none ends a program.
 * @param onError of the client
 */
export function createReport(onError?: (error: unknown) => void): (error: unknown) => void {
  const say = (error: unknown) => console.error('fanwire: no onError takes', error);
  const tell = onError ? guarded(onError, say) : say;
  let told: unknown;
  return (error) => {
    if (error !== told) tell(error);
    told = error;
  };
}
