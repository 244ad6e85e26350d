/** An application's handler must break neither the connection nor the next handler: its error gets a task of its own. */
export function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else
    queueMicrotask(() => {
      throw error;
    });
}

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
