/** Whether a client takes gzip, by its `Accept-Encoding` (RFC 9110 section 12.5.3). */
export function takesGzip(acceptEncoding: string | readonly string[] | undefined): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(acceptEncoding ?? ''));
}
