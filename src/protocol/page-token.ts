/** Whether a text may be what a page of members named as its next. */
export function isPageToken(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value);
}

export const PAGE_TOKEN_RULE = '`next` of the page before';
