export const IDEMPOTENCY_KEY_RULE = '1 to 255 visible ASCII characters';

/** Names a publish, so that its repetition is known for one. */
export function isIdempotencyKey(key: unknown): key is string {
  return typeof key === 'string' && /^[\u0021-\u007e]{1,255}$/.test(key);
}
