/** The HTTP version that this page came by, as people write it. */
export function pageProtocol(): string {
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const protocol = page?.nextHopProtocol.toUpperCase().replace(/^H(\d)$/, 'HTTP/$1');
  return protocol || 'a protocol that the browser does not name';
}
