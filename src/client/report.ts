/** Wraps a handler of the application, so that its error, thrown or rejected, breaks neither the connection nor the next handler. */
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
 * Takes the errors that nobody else takes. An error that concerns many subscriptions is reported once, and none ends a program.
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
