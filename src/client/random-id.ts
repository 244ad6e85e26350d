/** 128 bits as digits. Not `crypto.randomUUID`: it takes https, and a phone of the same network comes by http. */
export function randomId(): string {
  return crypto.getRandomValues(new Uint8Array(16)).join('');
}
