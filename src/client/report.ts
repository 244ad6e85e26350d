/** Calls a handler of the application, whose error must break neither the connection nor the next handler. */
export function guarded<T>(
  handler: (value: T) => void,
  onError: (error: unknown) => void,
): (value: T) => void {
  return (value) => {
    try {
      handler(value);
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
  const say = (error: unknown) =>
    console.error('fanwire: no onError of a subscription or of connect takes', error);
  const tell = onError ? guarded(onError, say) : say;
  let told: unknown;
  return (error) => {
    if (error !== told) tell(error);
    told = error;
  };
}
