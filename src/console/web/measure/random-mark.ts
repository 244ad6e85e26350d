/** A mark: requests that carry it are recorded. See the inspector's wire-record.ts. */
export function randomMark(): string {
  const bytes = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
