/** 128 random bits as digits. Not by `crypto.randomUUID`, which takes https: a phone of the same network comes by http. */
export function randomId(): string {
  return crypto.getRandomValues(new Uint8Array(16)).join('');
}
