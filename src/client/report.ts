/** An application's handler must break neither the connection nor the next handler: its error is thrown apart from them. */
export function report(error: unknown): void {
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
