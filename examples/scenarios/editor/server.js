// The server knows nothing of the text: it keeps updates and passes them on, and Yjs merges them in each page.
// A page that writes puts a snapshot in the place of every 300th update, so that what is kept always holds one.
export const channels = {
  'console:demo:editor': { retain: { count: 1000, ageMs: 30 * 24 * 3_600_000 } },
  'console:demo:editor:cursors': { ephemeral: true },
};
