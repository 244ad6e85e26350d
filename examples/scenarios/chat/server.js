// A chat needs no code on the server: these rules, and a log that keeps what was said.
export const channels = {
  'console:demo:chat': { retain: { count: 200 } },
  // Who is typing is old in a second: nothing of it is kept.
  'console:demo:chat:typing': { ephemeral: true },
};
