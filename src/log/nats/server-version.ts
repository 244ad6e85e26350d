/**
 * The oldest server that kept its replicas equal in our tests while servers were killed. With 2.9.10 they ended with
 * different messages under the same numbers, and a published analysis of 2.12.1 found committed writes lost.
 */
const REPLICATED = [2, 15];

/** What an operator should know about a server of this version that keeps so many copies, if anything. */
export function warningOf(version: string, replicas: number): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOlder = major < REPLICATED[0]! || (major === REPLICATED[0] && minor < REPLICATED[1]!);
  if (replicas === 1 || !isOlder) return undefined;
  return (
    `the log in NATS has ${replicas} replicas on nats-server ${version}: when a server of this version dies, its replicas may ` +
    `come to differ, and acknowledged messages be lost unnoticed. Use nats-server ${REPLICATED.join('.')} or later, or 1 replica`
  );
}
