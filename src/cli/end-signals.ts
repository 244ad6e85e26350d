// Ctrl-C under npm arrives twice at once, from the terminal and from npm: that is one wish.
const ONE_WISH_MS = 500;

/** Calls `end` at the first signal, which may take its time; a second wish ends the process at once. */
export function onEndSignal(end: () => void): void {
  let firstAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (firstAt === undefined) {
      firstAt = Date.now();
      end();
    } else if (Date.now() - firstAt > ONE_WISH_MS) process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}
