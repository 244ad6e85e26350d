export function toBase64(bytes: Uint8Array): string {
  // Not by `fromCharCode(...bytes)`, because a megabyte of arguments overflows the stack.
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
